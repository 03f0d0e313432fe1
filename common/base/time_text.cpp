#include "common/base/time_text.h"

#include <chrono>
#include <fmt/format.h>

namespace hailstorm {
namespace {

constexpr int64_t kMsPerDay = 86'400'000;

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
  const bool is_west = take(text, '-');
  if (!is_west && !take(text, '+')) return std::nullopt;
  const auto shift = take_hours_and_minutes(text);
  if (!shift) return std::nullopt;
  return is_west ? -*shift : *shift;
}

}  // namespace

std::string time_text(int64_t time_ms) {
  using namespace std::chrono;
  // A record may hold a number that is beyond the calendar's years.
  constexpr milliseconds kMax = sys_days(year::max() / December / 31).time_since_epoch();
  if (time_ms > kMax.count() || time_ms < -kMax.count()) return fmt::format("{} ms", time_ms);
  const sys_time<milliseconds> time{milliseconds(time_ms)};
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<int64_t> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
  const auto clock = take_hours_and_minutes(text);
  if (!clock || !take(text, ':')) return std::nullopt;
  const auto seconds = take_digits(text, 2);
  if (!seconds || *seconds > 59) return std::nullopt;
  const auto fraction = take_fraction_ms(text);
  if (!fraction) return std::nullopt;
  const auto zone = take_zone_ms(text);
  if (!zone || !text.empty()) return std::nullopt;
  return *date + *clock + *seconds * int64_t{1000} + *fraction - *zone;
}

}  // namespace hailstorm
