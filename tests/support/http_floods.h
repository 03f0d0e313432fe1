#pragma once

#include <vector>

#include "tests/support/flood.h"

namespace hailstorm::testing {

/// Every way in which HTTP clients are known to hold or use up a server. `most`: no kind has more
/// peers.
[[nodiscard]] std::vector<FloodKind> http_floods(size_t most = 5'000);

/// A quarter of the peers each is idle, slow, polite and half-closed.
[[nodiscard]] FloodKind mixed_http_flood(size_t peers);

}  // namespace hailstorm::testing
