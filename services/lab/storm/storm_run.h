#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "services/lab/remote/remote_lab.h"
#include "services/lab/storm/storm_plan.h"

namespace hailstorm::lab {

/// A fault of a storm, and what became of it.
struct StormFault {
  enum class Outcome { planned, refused, on, proven_off, not_proven };

  PlannedFault planned;
  Outcome outcome = Outcome::planned;
  FaultState state;     // once it was injected
  std::string refusal;  // why it was not injected
};

/// Injects the faults of a plan in their order. Advanced by step(); the lab's agents revert each
/// fault after its duration, whatever becomes of this.
///
/// Thread safety: not safe.
class StormRun {
 public:
  /// `lab` and `clock` must remain live while this is in use.
  StormRun(const StormRequest& request, const std::vector<PlannedFault>& plan, RemoteLab& lab,
           const Clock& clock);

  /// Looks at the lab, and injects what is due. Error lab_is_gone: it has not answered for long.
  [[nodiscard]] Status step();
  /// Every fault has ended, one way or the other.
  [[nodiscard]] bool done() const;

  [[nodiscard]] const std::vector<StormFault>& faults() const { return faults_; }
  /// The newest frame.
  [[nodiscard]] const Snapshot& seen() const { return seen_; }
  /// "12.0 s: 14 of 40 faults, on: kill broker, freeze payment; log 480 accepted …"
  [[nodiscard]] std::string line() const;

 private:
  [[nodiscard]] Status look();
  void follow(const std::vector<FaultState>& states);
  void expire(StormFault& fault) const;
  [[nodiscard]] bool may_begin(const StormFault& fault);
  [[nodiscard]] bool is_at_work(const std::string& target, int64_t due_ms) const;
  [[nodiscard]] size_t count_on() const;
  void inject(StormFault& fault);
  [[nodiscard]] int64_t since_start_ms() const { return clock_.steady_ms() - started_ms_; }

  const size_t at_once_;
  RemoteLab& lab_;
  const Clock& clock_;
  const int64_t started_ms_;
  std::vector<StormFault> faults_;
  std::vector<int64_t> ends_ms_;  // of each, since the start: the end of its lease
  size_t next_ = 0;
  int64_t next_due_ms_ = 0;  // since the start: when the next one could have begun
  std::map<std::string, int64_t> reverted_at_ms_;  // by target, the last one
  Snapshot seen_;
  int64_t answered_ms_;
};

}  // namespace hailstorm::lab
