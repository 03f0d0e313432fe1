#pragma once

#include <cstdlib>
#include <string_view>

namespace hailstorm::testing {

/// TEST_LONG=1: the exhaustive variants, which take minutes, run too. No HAIL_ in the name: our
/// programs refuse variables of that kind that they do not know.
[[nodiscard]] inline bool is_long_run() {
  const char* const given = std::getenv("TEST_LONG");
  return given != nullptr && std::string_view(given) == "1";
}

}  // namespace hailstorm::testing
