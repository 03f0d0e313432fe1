#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "services/lab/experiments/ask.h"
#include "services/lab/experiments/narrator.h"

namespace hailstorm::lab {

/// Looks at the steady state again and again, on a thread of its own, and says when that changes.
///
/// Thread safety: made, ended and read by one thread.
class SteadyWatch {
 public:
  /// Begins at once. All must remain live until end().
  SteadyWatch(ExperimentLab& lab, const Experiment& experiment,
              const std::vector<PlannedActivity>& probes, const Clock& clock, Narrator& narrator);
  ~SteadyWatch();
  SteadyWatch(const SteadyWatch&) = delete;
  SteadyWatch& operator=(const SteadyWatch&) = delete;

  /// The look under way is the last one. May be called twice.
  void end();

  /// What it saw. REQUIRES: end() was called.
  void take_into(ExperimentRun& run);

  static constexpr size_t kMaxKept = 1'000;

 private:
  void watch();
  void keep(SteadyState state);
  [[nodiscard]] bool wait_for_next();

  ExperimentLab& lab_;
  const Experiment& experiment_;
  const std::vector<PlannedActivity>& probes_;
  const Clock& clock_;
  Narrator& narrator_;

  std::vector<SteadyState> seen_;
  int64_t looks_ = 0;
  int64_t deviations_ = 0;
  std::optional<SteadyState> first_deviation_;
  bool was_met_ = true;

  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ended_ = false;  // protected by mutex_
  std::thread thread_;     // last: it uses all of the above
};

}  // namespace hailstorm::lab
