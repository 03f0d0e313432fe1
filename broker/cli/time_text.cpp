#include "broker/cli/time_text.h"

#include <charconv>
#include <chrono>
#include <fmt/format.h>

namespace hailstorm::cli {
namespace {

/// Reads `digits` digits at the front of `text` and takes them away.
std::optional<int> take_number(std::string_view& text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const char* end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.front() == '-') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// ".123" as 123; nothing there is 0.
std::optional<int> take_milliseconds(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int value = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9';
       text.remove_prefix(1), ++digits) {
    if (digits < 3) value = value * 10 + (text.front() - '0');
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 3; ++digits) value *= 10;
  return value;
}

}  // namespace

std::optional<int64_t> parse_time(std::string_view text) {
  using namespace std::chrono;
  const auto year_number = take_number(text, 4);
  if (!year_number || !take(text, '-')) return std::nullopt;
  const auto month_number = take_number(text, 2);
  if (!month_number || !take(text, '-')) return std::nullopt;
  const auto day_number = take_number(text, 2);
  if (!day_number || !take(text, 'T')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second) return std::nullopt;
  const auto millisecond = take_milliseconds(text);
  if (!millisecond || text != "Z") return std::nullopt;

  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto since_epoch = sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute) +
                           seconds(*second) + milliseconds(*millisecond);
  return duration_cast<milliseconds>(since_epoch).count();
}

std::string time_text(int64_t timestamp_ms) {
  using namespace std::chrono;
  // What lies beyond a calendar's years can be no time, but may well stand in a record.
  constexpr milliseconds kMax = sys_days(year::max() / December / 31).time_since_epoch();
  if (timestamp_ms > kMax.count() || timestamp_ms < -kMax.count())
    return fmt::format("{} ms", timestamp_ms);
  const sys_time<milliseconds> time{milliseconds(timestamp_ms)};
  const auto midnight = floor<days>(time);
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace hailstorm::cli
