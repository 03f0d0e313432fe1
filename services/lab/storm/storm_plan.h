#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

enum class StormErrc { bad_request, stopped, lab_is_gone, took_too_long };
[[nodiscard]] std::string_view name_of(StormErrc code);

/// What a storm is drawn from.
struct StormRequest {
  uint64_t seed = 1;
  int64_t length_ms = 60'000;  // faults begin and end in it; not of a storm of kills
  int64_t kills = 0;           // not 0: exactly so many SIGKILLs, and nothing else
  std::vector<FaultAction> kinds =
      {};  // empty: every kind that leaves the platform's promises whole
  std::vector<std::string> targets = {};  // empty: all
  size_t at_once = 2;                     // faults that are on at a time, at most
};

struct PlannedFault {
  int64_t at_ms = 0;  // since the storm began, at the earliest
  FaultRequest request;
};

/// The schedule, which depends on nothing but the request: at most `at_once` faults at a time, and
/// a target that was hit has a rest. In order of time. Error bad_request: a kind has no target.
[[nodiscard]] Result<std::vector<PlannedFault>> plan_storm(const StormRequest& request);

/// A line for each fault; for people, and to compare two runs.
[[nodiscard]] std::string to_text(const std::vector<PlannedFault>& plan);

}  // namespace hailstorm::lab
