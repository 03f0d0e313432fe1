#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace hailstorm {

/// "1 fault", "7 faults". A pure function: safe from any thread.
[[nodiscard]] inline std::string counted(std::integral auto count, std::string_view what) {
  return std::to_string(count).append(" ").append(what).append(count == 1 ? "" : "s");
}

}  // namespace hailstorm
