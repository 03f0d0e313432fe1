#pragma once

#include <string_view>
#include <vector>

namespace hailstorm::lab {

/// A file of docs/ as the program carries it along.
struct ShippedText {
  std::string_view name;  // of the file, without its ending
  std::string_view text;
};

/// docs/lessons, in their order, and docs/experiments. Safe from any thread.
[[nodiscard]] const std::vector<ShippedText>& shipped_lessons();
[[nodiscard]] const std::vector<ShippedText>& shipped_experiments();

}  // namespace hailstorm::lab
