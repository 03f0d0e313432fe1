#pragma once

#include <cstdint>
#include <fmt/format.h>

#include "common/base/result.h"
#include "common/log/types.h"

namespace hailstorm::log::hail {

/// Error refused, with the name of the option: its value is below `least`. Safe from any thread.
[[nodiscard]] inline Status at_least(const char* name, int64_t value, int64_t least) {
  if (value >= least) return {};
  return Error(LogErrc::refused,
               fmt::format("{} is {}; it must be at least {}", name, value, least));
}

}  // namespace hailstorm::log::hail
