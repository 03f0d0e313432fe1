#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/audit/answers.h"
#include "services/lab/platform/platform.h"
#include "services/lab/platform/sample.h"
#include "services/lab/serve/fault_desk.h"
#include "services/lab/story/act_faults.h"
#include "services/lab/story/acts.h"
#include "services/lab/story/lane_numbers.h"
#include "services/lab/story/settings.h"

namespace hailstorm::lab {

enum class ActErrc { riders_failed, never_caught_up };
[[nodiscard]] std::string_view name_of(ActErrc code);

/// What one act showed.
struct ActResult {
  Act act;
  LaneNumbers log;
  LaneNumbers chain;
  double fault_seconds = 0;
  int64_t peak_lag = 0;
  /// From the restore until the log lane's lag was as low as before the fault: at most its peak in
  /// this act until then.
  double catch_up_s = 0;
  /// From the restore, or the last ride if that was later, until the lag was 0.
  double drained_s = 0;
  bool caught_up = false;  // the lag came to 0 in the end
};

/// Plays one act: riders, the fault after a quarter of them, the restore after three quarters, and
/// the wait until nothing is on its way. Advanced by step() with a sample of the platform.
///
/// Thread safety: not safe.
class ActRun {
 public:
  /// All but `act` and `share` must remain live while this is in use.
  ActRun(Act act, Share share, const StorySettings& settings, Platform& platform, FaultDesk& desk,
         const Clock& clock);

  /// Starts the riders.
  [[nodiscard]] Status begin();
  /// Errors: those of the platform and of the faults; riders_failed; never_caught_up, 120 s after
  /// the last ride.
  [[nodiscard]] Status step(const PlatformSample& sample);
  [[nodiscard]] bool done() const { return phase_ == Phase::done; }
  /// Ends the faults of an act that is not played to its end.
  void end_faults() { (void)faults_.revert(); }

  [[nodiscard]] const ActResult& result() const { return result_; }
  [[nodiscard]] int64_t rides() const { return share_.count; }
  /// A sentence for each fault that no probe found.
  [[nodiscard]] const std::vector<std::string>& not_proven() const { return faults_.not_proven(); }
  /// "riding", "fault on", "restored", "catching up".
  [[nodiscard]] std::string_view phase() const;

 private:
  enum class Phase { riding, fault_on, restored, draining, done };

  void read_answers();
  void watch_lag(const PlatformSample& sample);
  [[nodiscard]] Status inject();
  [[nodiscard]] Status revert();
  [[nodiscard]] Status end_of_riders(const PlatformSample& sample);
  [[nodiscard]] Status drain(const PlatformSample& sample);
  [[nodiscard]] std::vector<std::string> riders_argv() const;

  const StorySettings& settings_;
  Platform& platform_;
  const Clock& clock_;
  const Share share_;
  const std::string riders_;  // the process's name
  AnswerReader answers_;
  ActFaults faults_;
  ActResult result_;
  Phase phase_ = Phase::riding;
  int64_t injected_at_ms_ = 0;
  int64_t reverted_at_ms_ = 0;
  int64_t riders_ended_at_ms_ = 0;
  int64_t usual_lag_ = 1;
  bool lag_is_usual_again_ = false;
  bool was_quiet_ = false;
  int64_t quiet_events_ = 0;
  int64_t quiet_since_ms_ = 0;
};

}  // namespace hailstorm::lab
