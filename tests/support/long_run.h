#pragma once

#include <cstdlib>
#include <string_view>

namespace hailstorm::testing {

/// HAIL_LONG=1: the exhaustive variants, which take minutes, run too.
[[nodiscard]] inline bool is_long_run() {
  const char* const given = std::getenv("HAIL_LONG");
  return given != nullptr && std::string_view(given) == "1";
}

}  // namespace hailstorm::testing
