#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers as a user writes them. Pure functions: safe from any thread.
namespace hailstorm {

/// Decimal digits after an optional minus, written in the one usual way: 0, 42, -7. Nothing for all
/// else: an empty text, blanks, a plus, leading zeros, a fraction, hexadecimal digits, or a number
/// that 64 bits do not hold.
[[nodiscard]] std::optional<int64_t> whole_number(std::string_view text);

/// The same with an optional fraction: 0.5, 200. Nothing for an exponent, "inf" and "nan".
[[nodiscard]] std::optional<double> decimal_number(std::string_view text);

}  // namespace hailstorm
