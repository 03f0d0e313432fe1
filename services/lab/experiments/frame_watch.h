#pragma once

#include <map>
#include <mutex>
#include <string>

#include "services/lab/experiments/experiment_lab.h"
#include "services/lab/experiments/experiment_run.h"
#include "services/lab/experiments/narrator.h"
#include "services/lab/experiments/watch_thread.h"

namespace hailstorm::lab {

/// Reads the lab's frames five times a second, on a thread of its own: the numbers for the report,
/// and the phases of the experiment's faults, which it says as they come.
///
/// Thread safety: safe but for end() and take_into(), which are for the thread that made it.
class FrameWatch {
 public:
  /// Begins at once. All must remain live until end().
  FrameWatch(ExperimentLab& lab, int64_t start_ms, Narrator& narrator);

  /// A fault of this experiment, or what is newly known of it; says its phase where that is new.
  void note(const std::string& action, const FaultState& state);
  /// The faults that are known so far.
  [[nodiscard]] std::map<std::string, ExperimentFault> faults();

  /// The look under way is the last one. May be called twice.
  void end() { thread_.end(); }
  /// REQUIRES: end() was called.
  void take_into(ExperimentRun& run);

 private:
  void look();
  void take(const json::Value& frame);

  ExperimentLab& lab_;
  Narrator& narrator_;
  FrameSeries series_;

  std::mutex mutex_;
  std::map<std::string, ExperimentFault> faults_;  // protected by mutex_
  WatchThread thread_;                             // last: it uses all of the above
};

/// "freeze payment, proven: /proc/71/stat says T"
[[nodiscard]] std::string phase_text(const FaultState& state);

}  // namespace hailstorm::lab
