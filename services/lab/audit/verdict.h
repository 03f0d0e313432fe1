#pragma once

#include <string>

#include "services/lab/audit/ride_facts.h"

namespace hailstorm::lab {

/// What became of one ride in one lane. Each text is empty where its kind does not apply, else it
/// says why it does.
struct Verdict {
  bool settled = false;
  std::string lost;
  std::string duplicated;
  std::string orphaned;
};

/// `through_log`: this lane's rides must also be found in the log. False for the chain lane.
[[nodiscard]] Verdict verdict_of(const RideFacts& ride, bool through_log);

}  // namespace hailstorm::lab
