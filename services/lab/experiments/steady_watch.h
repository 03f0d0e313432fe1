#pragma once

#include <optional>
#include <vector>

#include "services/lab/experiments/ask.h"
#include "services/lab/experiments/narrator.h"
#include "services/lab/experiments/watch_thread.h"

namespace hailstorm::lab {

/// Looks at the steady state again and again, on a thread of its own, and says when that changes.
///
/// Thread safety: made, ended and read by one thread.
class SteadyWatch {
 public:
  /// Begins at once. All must remain live until end().
  SteadyWatch(ExperimentLab& lab, const Experiment& experiment,
              const std::vector<PlannedActivity>& probes, const Clock& clock, Narrator& narrator);

  /// The look under way is the last one. May be called twice.
  void end() { thread_.end(); }

  /// What it saw. REQUIRES: end() was called.
  void take_into(ExperimentRun& run);

  static constexpr size_t kMaxKept = 1'000;

 private:
  [[nodiscard]] bool look_now();
  void keep(SteadyState state);

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

  WatchThread thread_;  // last: it uses all of the above
};

}  // namespace hailstorm::lab
