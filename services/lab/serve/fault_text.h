#pragma once

#include <cstdint>
#include <string>

#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

/// A fault for people, in lines: what was asked for, and each phase with its time. `now_ms`: the
/// wall clock. Pure function: safe from any thread.
[[nodiscard]] std::string to_text(const FaultState& fault, int64_t now_ms);

}  // namespace hailstorm::lab
