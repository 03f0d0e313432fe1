#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

/// What the values of a program's settings may be.
namespace hailstorm {

/// The least and the most that a number may be, and what it counts.
struct Range {
  int64_t least = 0;
  int64_t most = 0;
  std::string_view unit{};
};
struct DecimalRange {
  double least = 0;
  double most = 0;
  std::string_view unit{};
};

inline constexpr int64_t kAnyMost = INT64_MAX;
inline constexpr Range kPortOrAnyRange{0, 65'535};  // 0: any free one

/// What a text must be.
struct TextCheck {
  std::string wanted;  // in words
  std::string label;   // in --help: "OFFSET"
  std::function<bool(const std::string&)> fits;
};

}  // namespace hailstorm
