#include <chrono>
#include <fmt/format.h>
#include <optional>

#include "common/events/events.h"

namespace hailstorm::events {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;

Error not_a_time(std::string_view text) {
  return Error(EventErrc::bad_field,
               fmt::format("'{}' is not a time like 2014-04-01T00:11:00Z", text.substr(0, 40)));
}

/// Takes digits from the front of `text`; nothing when they are not all there.
std::optional<int> take_digits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kMsPerDay;
}

/// "HH:MM"
std::optional<int64_t> take_hours_and_minutes(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return (*hours * 60 + *minutes) * int64_t{60'000};
}

/// ".123456" as 123; an empty fraction is none.
std::optional<int64_t> take_fraction_ms(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int64_t ms = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 3) ms = ms * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) ms *= 10;
  return ms;
}

/// "Z" as 0, "+02:00" as two hours.
std::optional<int64_t> take_zone_ms(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const bool behind = take(text, '-');
  if (!behind && !take(text, '+')) return std::nullopt;
  const auto shift = take_hours_and_minutes(text);
  if (!shift) return std::nullopt;
  return behind ? -*shift : *shift;
}

}  // namespace

std::string format_time(int64_t time_ms) {
  const int64_t days = (time_ms >= 0 ? time_ms : time_ms - (kMsPerDay - 1)) / kMsPerDay;
  const int64_t ms = time_ms - days * kMsPerDay;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

Result<int64_t> parse_time(std::string_view text) {
  std::string_view rest = text;
  const auto date = take_date(rest);
  if (!date || !(take(rest, 'T') || take(rest, 't'))) return not_a_time(text);
  const auto clock = take_hours_and_minutes(rest);
  if (!clock || !take(rest, ':')) return not_a_time(text);
  const auto seconds = take_digits(rest, 2);
  if (!seconds || *seconds > 59) return not_a_time(text);
  const auto fraction = take_fraction_ms(rest);
  if (!fraction) return not_a_time(text);
  const auto zone = take_zone_ms(rest);
  if (!zone || !rest.empty()) return not_a_time(text);
  return *date + *clock + *seconds * int64_t{1000} + *fraction - *zone;
}

}  // namespace hailstorm::events
