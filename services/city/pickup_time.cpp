#include "services/city/pickup_time.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>

namespace hailstorm::city {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2100;
constexpr int64_t kMinuteMs = 60'000;

/// Takes a text apart from its front. Each take_…() says whether it found what it looks for; where
/// it did not, nothing is taken.
///
/// Thread safety: not safe.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// A number of 1 to `most_digits` digits; further digits are left.
  bool take_number(int& number, size_t most_digits) {
    const size_t digits = std::min(text_.find_first_not_of("0123456789"), text_.size());
    if (digits == 0) return false;
    const size_t taken = std::min(digits, most_digits);
    std::from_chars(text_.data(), text_.data() + taken, number);
    text_.remove_prefix(taken);
    return true;
  }
  bool take_one_of(std::string_view characters, char& taken) {
    if (text_.empty() || characters.find(text_.front()) == std::string_view::npos) return false;
    taken = text_.front();
    text_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  [[nodiscard]] bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

/// 2014/4/1, 2014-04-01 or 4/1/2014.
std::optional<int64_t> take_date_ms(Scanner& text) {
  int numbers[3] = {};
  char separator = 0;
  if (!text.take_number(numbers[0], 4) || !text.take_one_of("/-", separator)) return std::nullopt;
  const std::string_view again(&separator, 1);
  if (!text.take_number(numbers[1], 2) || !text.take(again)) return std::nullopt;
  if (!text.take_number(numbers[2], 4)) return std::nullopt;
  const bool year_first = numbers[0] > 31;
  if (!year_first && separator == '-')
    return std::nullopt;  // 4-1-2014 does not show which is the month
  const int year = year_first ? numbers[0] : numbers[2];
  const int month = year_first ? numbers[1] : numbers[0];
  const int day = year_first ? numbers[2] : numbers[1];
  // Before chrono sees them: it keeps months and days in 8 bits, so that month 260 became April.
  if (year < kFirstYear || year > kLastYear || month > 12 || day > 31) return std::nullopt;
  namespace chrono = std::chrono;
  const chrono::year_month_day date(chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return chrono::milliseconds(chrono::sys_days(date).time_since_epoch()).count();
}

/// ".5" as 500; what is finer than a millisecond is cut off.
std::optional<int64_t> take_fraction_ms(Scanner& text) {
  if (!text.take(".")) return 0;
  int64_t fraction_ms = 0;
  char digit = 0;
  int digits = 0;
  for (; text.take_one_of("0123456789", digit); ++digits) {
    if (digits < 3) fraction_ms = fraction_ms * 10 + (digit - '0');
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (; digits < 3; ++digits) fraction_ms *= 10;
  return fraction_ms;
}

/// 0 to 23, of an hour that AM or PM may follow.
std::optional<int> hour_of_day(Scanner& text, int hour) {
  const bool am = text.take(" AM") || text.take(" am");
  const bool pm = !am && (text.take(" PM") || text.take(" pm"));
  if (!am && !pm) return hour <= 23 ? std::optional(hour) : std::nullopt;
  if (hour < 1 || hour > 12) return std::nullopt;
  return hour % 12 + (pm ? 12 : 0);
}

std::optional<int64_t> take_time_of_day_ms(Scanner& text) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!text.take_number(hour, 2) || !text.take(":") || !text.take_number(minute, 2)) {
    return std::nullopt;
  }
  std::optional<int64_t> fraction_ms = 0;
  if (text.take(":")) {
    if (!text.take_number(second, 2)) return std::nullopt;
    fraction_ms = take_fraction_ms(text);
  }
  const auto of_day = hour_of_day(text, hour);
  if (!of_day || !fraction_ms || minute > 59 || second > 59) return std::nullopt;
  return (*of_day * 60 + minute) * kMinuteMs + second * 1'000 + *fraction_ms;
}

/// How far the written time is ahead of UTC.
std::optional<int64_t> take_offset_ms(Scanner& text) {
  const bool blank = text.take(" ");
  char sign = 0;
  if (text.take("Z") || text.take("UTC")) return 0;
  if (!text.take_one_of("+-", sign)) return blank ? std::nullopt : std::optional<int64_t>(0);
  int hours = 0;
  int minutes = 0;
  if (!text.take_number(hours, 2)) return std::nullopt;
  const bool colon = text.take(":");
  if (!text.take_number(minutes, 2) && colon) return std::nullopt;
  text.take(" UTC");
  if (hours > 14 || minutes > 59) return std::nullopt;
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes) * kMinuteMs;
}

}  // namespace

std::optional<int64_t> parse_pickup_time(std::string_view text) {
  Scanner scanner(text);
  const auto date_ms = take_date_ms(scanner);
  char separator = 0;
  if (!date_ms || !scanner.take_one_of(" T", separator)) return std::nullopt;
  const auto time_ms = take_time_of_day_ms(scanner);
  if (!time_ms) return std::nullopt;
  const auto offset_ms = take_offset_ms(scanner);
  if (!offset_ms || !scanner.at_end()) return std::nullopt;
  const int64_t at_ms = *date_ms + *time_ms - *offset_ms;
  if (at_ms < 0 || at_ms >= kEndOfTimeMs) return std::nullopt;
  return at_ms;
}

}  // namespace hailstorm::city
