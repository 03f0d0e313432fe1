#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "services/lab/commands/outputs.h"
#include "services/lab/remote/conclusion.h"
#include "services/lab/remote/remote_lab.h"
#include "services/lab/screen/screen.h"

namespace hailstorm::lab {

/// A storm or a blast on a running lab, from its first step to its exit code. `Outcome` is what
/// came of it: StormResult or BlastResult.
///
/// Thread safety: not safe. What it is made of must remain live while this is in use.
template <class Outcome>
class LabRun {
 public:
  LabRun(Outcome outcome, const Outputs& outputs, LabClient& client, const Clock& clock,
         StopSignal& stop)
      : outcome_(std::move(outcome)), outputs_(outputs), lab_(client), clock_(clock), stop_(stop) {}

  [[nodiscard]] Outcome& outcome() { return outcome_; }
  [[nodiscard]] RemoteLab& lab() { return lab_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  void say(const std::string& line) { screen_.say(line); }

  /// Calls `steps`.step() every `step_ms` until it is done, fails, or a stop is requested, and
  /// shows `steps`.line() meanwhile. Errors: those of the steps.
  template <class Steps>
  [[nodiscard]] Status take(Steps& steps, int step_ms) {
    const int64_t began_ms = clock_.steady_ms();
    Status status;
    while (status.ok() && !steps.done() && !stop_.wait_for(step_ms)) {
      status = steps.step();
      if (screen_.is_terminal()) {
        screen_.show({steps.line()});
      } else {
        screen_.progress(steps.line(), clock_.steady_ms());
      }
    }
    outcome_.lasted_s = static_cast<double>(clock_.steady_ms() - began_ms) / 1e3;
    return status;
  }

  /// Has the rides settled, for at most so long, and audited; shows and writes the outcome. Gives
  /// the exit code.
  [[nodiscard]] int finish(const Status& steps, int64_t settles_ms) {
    if (!steps.ok()) outcome_.trouble = steps.error().message();
    auto end = conclude(lab_, settles_ms, clock_, stop_);
    if (end.ok()) {
      outcome_.end = std::move(*end);
    } else {
      outcome_.trouble += (outcome_.trouble.empty() ? "" : "; ") + end.error().message();
    }
    if (stop_.requested()) {
      say("Stopped before the end; every fault is reverted.");
      return stop_.exit_code();
    }
    screen_.say(to_lines(outcome_));
    const auto unwritten = outputs_.write(to_html(outcome_), to_json(outcome_));
    if (unwritten.empty()) return outcome_.exit_code();
    say(unwritten);
    return 1;
  }

 private:
  Outcome outcome_;
  const Outputs& outputs_;
  RemoteLab lab_;
  const Clock& clock_;
  StopSignal& stop_;
  Screen screen_;
};

}  // namespace hailstorm::lab
