#pragma once

#include <vector>

#include "tests/support/flood.h"

namespace hailstorm::testing {

/// Ways in which clients of the log are known to hold or use up the broker, and the services that
/// read from it. For the broker's own port.
[[nodiscard]] std::vector<FloodKind> log_floods();

}  // namespace hailstorm::testing
