#include "services/lab/storm/storm_result.h"

#include <algorithm>
#include <fmt/format.h>

#include "services/lab/remote/fault_kinds.h"

namespace hailstorm::lab {
namespace {

using Outcome = StormFault::Outcome;

class Mean {
 public:
  void add(int64_t from_ms, int64_t to_ms) {
    if (from_ms == 0 || to_ms == 0) return;
    sum_ms_ += static_cast<double>(to_ms - from_ms);
    ++count_;
  }
  [[nodiscard]] double ms() const { return count_ == 0 ? 0 : sum_ms_ / count_; }

 private:
  double sum_ms_ = 0;
  int count_ = 0;
};

StormTally tally_of(FaultAction action, const std::vector<StormFault>& faults) {
  StormTally tally{.action = action};
  Mean proven;
  Mean off;
  for (const auto& one : faults) {
    if (one.planned.request.action != action || one.outcome == Outcome::planned) continue;
    tally.refused += one.outcome == Outcome::refused ? 1 : 0;
    if (one.outcome == Outcome::refused) continue;
    ++tally.injected;
    tally.proven += one.outcome == Outcome::proven_off ? 1 : 0;
    tally.not_proven += one.outcome == Outcome::not_proven ? 1 : 0;
    proven.add(one.state.asked_at_ms, one.state.proven_at_ms);
    off.add(one.state.reverted_at_ms, one.state.proven_off_at_ms);
  }
  tally.mean_proven_ms = proven.ms();
  tally.mean_off_ms = off.ms();
  return tally;
}

}  // namespace

int64_t StormResult::injected() const {
  return std::count_if(faults.begin(), faults.end(), [](const auto& one) {
    return one.outcome != Outcome::planned && one.outcome != Outcome::refused;
  });
}

std::vector<StormTally> StormResult::tallies() const {
  std::vector<StormTally> all;
  for (const auto& kind : fault_kinds()) {
    auto tally = tally_of(kind.action, faults);
    if (tally.injected + tally.refused > 0) all.push_back(tally);
  }
  return all;
}

std::vector<std::string> StormResult::problems() const {
  std::vector<std::string> all;
  if (!trouble.empty()) all.push_back("the storm ended early: " + trouble);
  if (injected() == 0) all.emplace_back("no fault was injected");
  if (request.kills > 0 && injected() != request.kills) {
    all.push_back(fmt::format("{} of {} SIGKILLs were sent", injected(), request.kills));
  }
  if (!end.unsettled.empty()) all.push_back("the rides never settled: " + end.unsettled);
  if (end.audit.log.accepted == 0) all.emplace_back("no ride was accepted");
  all.insert(all.end(), end.audit.troubles.begin(), end.audit.troubles.end());
  return all;
}

bool StormResult::all_proven() const {
  return std::none_of(faults.begin(), faults.end(),
                      [](const auto& one) { return one.outcome == Outcome::not_proven; });
}

int StormResult::exit_code() const {
  if (!problems().empty()) return 1;
  return all_proven() ? 0 : 3;
}

std::string StormResult::verdict() const {
  if (!problems().empty()) return "failed";
  return all_proven() ? "passed" : "inconclusive";
}

}  // namespace hailstorm::lab
