#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "common/base/stop_signal.h"
#include "services/lab/experiments/document/plan.h"
#include "services/lab/experiments/experiment_lab.h"
#include "services/lab/experiments/experiment_run.h"
#include "services/lab/experiments/frame_watch.h"
#include "services/lab/experiments/narrator.h"

namespace hailstorm::lab {

/// Runs one experiment on a lab: looks at the steady state before, runs the method while it looks
/// on, looks again after, rolls back, and reads how each fault ended. A fault that is still on at
/// the end, or when a stop is requested, is reverted.
///
/// Thread safety: used by one thread.
class ExperimentRunner {
 public:
  /// `authorization` is for the requests that no file has: riders, reset. All references must
  /// remain live while this is in use.
  ExperimentRunner(ExperimentLab& lab, std::string authorization, const Clock& clock,
                   StopSignal& stop, Narrator& narrator);
  ~ExperimentRunner();
  ExperimentRunner(const ExperimentRunner&) = delete;
  ExperimentRunner& operator=(const ExperimentRunner&) = delete;

  [[nodiscard]] ExperimentRun run(const Experiment& experiment, const ExperimentPlan& plan);

 private:
  [[nodiscard]] bool start_riders();
  void end_riders();
  [[nodiscard]] bool look_once(Moment moment, const ExperimentPlan& plan,
                               std::optional<SteadyState>& into);
  void run_method(const ExperimentPlan& plan);
  void run_in_background(const PlannedActivity& planned);
  void send_activity(const PlannedActivity& planned, ActivityRun& slot);
  void note_answer(const PlannedActivity& planned, const ActivityRun& run);
  void join_background();
  void pause(double seconds);
  void run_rollbacks(const ExperimentPlan& plan);
  void read_ends_of_faults();
  void reset_faults();
  [[nodiscard]] Result<json::Value> change(const std::string& method, const std::string& path,
                                           const json::Value& body);
  [[nodiscard]] Result<json::Value> read(const std::string& path);
  void trouble(const std::string& what);
  [[nodiscard]] bool is_in_trouble();

  ExperimentLab& lab_;
  const std::string authorization_;
  const Clock& clock_;
  StopSignal& stop_;
  Narrator& narrator_;

  ExperimentRun run_;
  std::unique_ptr<FrameWatch> frames_;
  std::mutex mutex_;                                   // of what activities in the background write
  std::vector<std::unique_ptr<ActivityRun>> started_;  // of the method, in order
  std::vector<std::thread> background_;
};

}  // namespace hailstorm::lab
