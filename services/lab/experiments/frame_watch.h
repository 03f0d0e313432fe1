#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "services/lab/experiments/experiment_lab.h"
#include "services/lab/experiments/experiment_run.h"
#include "services/lab/experiments/narrator.h"

namespace hailstorm::lab {

/// Reads the lab's frames five times a second, on a thread of its own: the numbers for the report,
/// and the phases of the experiment's faults, which it says as they come.
///
/// Thread safety: safe but for end() and take_into(), which are for the thread that made it.
class FrameWatch {
 public:
  /// Begins at once. All must remain live until end().
  FrameWatch(ExperimentLab& lab, int64_t start_ms, Narrator& narrator);
  ~FrameWatch();
  FrameWatch(const FrameWatch&) = delete;
  FrameWatch& operator=(const FrameWatch&) = delete;

  /// A fault of this experiment, or what is newly known of it; says its phase where that is new.
  void note(const std::string& action, const FaultState& state);
  /// The faults that are known so far.
  [[nodiscard]] std::map<std::string, ExperimentFault> faults();

  void end();
  /// REQUIRES: end() was called.
  void take_into(ExperimentRun& run);

 private:
  void watch();
  void take(const json::Value& frame);
  [[nodiscard]] bool wait_for_next();

  ExperimentLab& lab_;
  Narrator& narrator_;
  FrameSeries series_;

  std::mutex mutex_;
  std::map<std::string, ExperimentFault> faults_;  // protected by mutex_, as all below
  std::condition_variable ended_;
  bool is_ended_ = false;
  std::thread thread_;  // last: it uses all of the above
};

/// "freeze payment, proven: /proc/71/stat says T"
[[nodiscard]] std::string phase_text(const FaultState& state);

}  // namespace hailstorm::lab
