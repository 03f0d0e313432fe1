#include "common/base/duration_text.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <system_error>

namespace hailstorm {
namespace {

struct DurationUnit {
  std::string_view name;
  int64_t ms;
};
constexpr std::array kDurationUnits = {DurationUnit{"ms", 1}, DurationUnit{"s", 1'000},
                                       DurationUnit{"m", 60'000}, DurationUnit{"h", 3'600'000}};
constexpr int64_t kLongestDurationMs = int64_t{24} * 3'600'000;

}  // namespace

std::optional<int64_t> parse_duration(std::string_view text) {
  int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, wrong] = std::from_chars(text.data(), end, count);
  if (wrong != std::errc{}) return std::nullopt;
  const std::string_view unit(rest, static_cast<size_t>(end - rest));
  for (const auto& one : kDurationUnits) {
    if (one.name == unit && count >= 1 && count <= kLongestDurationMs / one.ms)
      return count * one.ms;
  }
  return std::nullopt;
}

std::string duration_text(int64_t duration_ms) {
  for (auto one = kDurationUnits.rbegin(); one != kDurationUnits.rend(); ++one) {
    if (duration_ms % one->ms == 0) return fmt::format("{}{}", duration_ms / one->ms, one->name);
  }
  return fmt::format("{}ms", duration_ms);
}

}  // namespace hailstorm
