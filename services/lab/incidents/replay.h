#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/remote/remote_lab.h"
#include "services/lab/views/schedule.h"

namespace hailstorm::lab {

/// One thing that was asked of a platform. Times are in ms since the recording's begin.
struct ReplayStep {
  enum class What { ride, inject, revert };

  int64_t at_ms = 0;
  What what = What::ride;
  TrafficState traffic = {};
  FaultRequest fault = {};
};

/// All that was asked for, in order. What was on before the recording began is asked for at its
/// begin; each fault has an id of its own, and one that was reverted early is again. Pure function:
/// safe from any thread.
[[nodiscard]] std::vector<ReplayStep> steps_of(const Schedule& schedule);

/// Asks the same of a lab at the same times. Advanced by step().
///
/// Thread safety: not safe.
class Replay {
 public:
  /// `lab` and `clock` must remain live while this is in use.
  Replay(const Schedule& schedule, RemoteLab& lab, const Clock& clock);

  /// Does what is due. Errors: of the lab, which refused a fault or riders.
  [[nodiscard]] Status step();
  /// As much time has passed as in the recording.
  [[nodiscard]] bool done() const;
  /// "12.0 of 60.0 s: 3 of 9 steps"
  [[nodiscard]] std::string line() const;

 private:
  [[nodiscard]] Status act(const ReplayStep& step);
  [[nodiscard]] int64_t now_ms() const { return clock_.steady_ms() - began_ms_; }

  const std::vector<ReplayStep> steps_;
  const int64_t duration_ms_;
  RemoteLab& lab_;
  const Clock& clock_;
  const int64_t began_ms_;
  size_t next_ = 0;
};

}  // namespace hailstorm::lab
