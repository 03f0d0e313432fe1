#pragma once

#include <string>
#include <string_view>

/// Regular expressions, apart because their header costs seconds. Pure functions: safe from any
/// thread.
namespace hailstorm::lab {

inline constexpr size_t kMaxPatternBytes = 256;
inline constexpr size_t kMaxSearchedBytes = 4096;

/// What is wrong with an ECMAScript pattern; empty: nothing.
[[nodiscard]] std::string problem_of_pattern(const std::string& pattern);

/// Whether it matches somewhere in the first kMaxSearchedBytes of the text. False where the search
/// would take too much memory.
[[nodiscard]] bool is_found(const std::string& pattern, std::string_view text);

}  // namespace hailstorm::lab
