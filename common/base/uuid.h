#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hailstorm {

/// A UUID. The zero one is no id: it stands for "none", as in Kafka.
///
/// Thread safety: a value.
struct Uuid {
  std::array<uint8_t, 16> bytes{};

  /// Lower case hexadecimal digits in five groups: "f47ac10b-58cc-4372-a567-0e02b2c3d479".
  [[nodiscard]] std::string text() const;
  /// Only what text() gives; nothing for anything else.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
  [[nodiscard]] bool is_zero() const { return *this == Uuid(); }
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace hailstorm
