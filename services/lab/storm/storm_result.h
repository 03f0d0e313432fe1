#pragma once

#include <string>
#include <vector>

#include "services/lab/remote/conclusion.h"
#include "services/lab/storm/storm_run.h"

namespace hailstorm::lab {

/// All faults of one kind.
struct StormTally {
  FaultAction action;
  int64_t injected = 0;
  int64_t proven = 0;  // on, and off again
  int64_t not_proven = 0;
  int64_t refused = 0;
  double mean_proven_ms = 0;  // from when it was asked for until it was proven
  double mean_off_ms = 0;     // from its end until that was proven
};

/// Everything that a storm showed.
struct StormResult {
  StormRequest request;
  double rides_per_second = 0;
  std::vector<StormFault> faults;
  double lasted_s = 0;
  Conclusion end;
  std::string trouble;  // why it ended early; empty: it did not

  [[nodiscard]] int64_t injected() const;
  /// In the order of the kinds.
  [[nodiscard]] std::vector<StormTally> tallies() const;
  /// Each broken promise; empty: none is.
  [[nodiscard]] std::vector<std::string> problems() const;
  [[nodiscard]] bool all_proven() const;
  /// 0: nothing is wrong; 1: something is; 3: nothing is, but some fault was not proven.
  [[nodiscard]] int exit_code() const;
  /// "passed", "failed", "inconclusive".
  [[nodiscard]] std::string verdict() const;
};

/// A table of kinds, the audit, what is wrong, the verdict; for people.
[[nodiscard]] std::vector<std::string> to_lines(const StormResult& result);
[[nodiscard]] json::Value to_json(const StormResult& result);
/// One file that needs nothing else.
[[nodiscard]] std::string to_html(const StormResult& result);

}  // namespace hailstorm::lab
