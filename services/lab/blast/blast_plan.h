#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

enum class BlastErrc { bad_request, lab_is_gone };
[[nodiscard]] std::string_view name_of(BlastErrc code);

/// What to measure.
struct BlastRequest {
  std::vector<FaultAction> actions = {};  // empty: see plan_blast()
  std::vector<std::string> targets = {};  // empty: all that an action has
  bool quick = false;                     // kill and freeze of each process, in shorter spans
  double rides_per_second = 40;

  [[nodiscard]] int64_t before_ms() const { return quick ? 1'400 : 2'000; }
  [[nodiscard]] int64_t during_ms() const { return quick ? 2'000 : 3'000; }
  /// A subject that is not as before after so long is measured no longer.
  [[nodiscard]] int64_t recovers_within_ms() const { return 20'000; }
};

/// A target and what is done to it.
struct BlastFault {
  std::string target;
  FaultAction action;
};

/// Every fault, target by target; the gateway and the broker last, because all others must recover
/// from theirs. Without chosen actions: the faults of processes and links that need no file system
/// of their own, or a few of them when it must be quick. Error bad_request: nothing is left.
[[nodiscard]] Result<std::vector<BlastFault>> plan_blast(const BlastRequest& request);

}  // namespace hailstorm::lab
