#include "services/city/csv.h"

#include <charconv>
#include <chrono>
#include <cmath>

namespace hailstorm::city {
namespace {

// The years that the gateway takes rides in.
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2100;

/// Takes a number and, unless `end` is 0, the character behind it off the front of `text`.
bool take(std::string_view& text, int& number, char end) {
  const char* const last = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || number < 0) return false;
  text.remove_prefix(static_cast<size_t>(stop - text.data()));
  if (end == 0) return text.empty();
  if (text.empty() || text.front() != end) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::vector<std::string> split_csv(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool doubled = quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (doubled) {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::optional<int64_t> parse_pickup_time(std::string_view text) {
  int first = 0;
  int second = 0;
  int third = 0;
  int hour = 0;
  int minute = 0;
  int second_of_minute = 0;
  const bool shaped = take(text, first, '/') && take(text, second, '/') && take(text, third, ' ') &&
                      take(text, hour, ':') && take(text, minute, ':') &&
                      take(text, second_of_minute, 0);
  if (!shaped || hour > 23 || minute > 59 || second_of_minute > 59) return std::nullopt;
  const bool year_first = first > 31;
  const int year = year_first ? first : third;
  const int month = year_first ? second : first;
  const int day = year_first ? third : second;
  // Before chrono sees them: it keeps years in 16 bits and months in 8, so that 260 became April.
  if (year < kFirstYear || year > kLastYear || month > 12 || day > 31) return std::nullopt;
  namespace chrono = std::chrono;
  const chrono::year_month_day date(chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  const auto time = chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) +
                    chrono::seconds(second_of_minute);
  return chrono::duration_cast<chrono::milliseconds>(time.time_since_epoch()).count();
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::string shown(std::string_view field) {
  constexpr size_t kMostShown = 40;
  std::string text(field.substr(0, kMostShown));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return field.size() > kMostShown ? text + "..." : text;
}

}  // namespace hailstorm::city
