#include "common/base/number_text.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace hailstorm {
namespace {

bool are_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_plain(std::string_view digits) {
  return are_digits(digits) && (digits.size() == 1 || digits.front() != '0');
}

std::string_view without_minus(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return text;
}

template <class Number>
std::optional<Number> converted(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<int64_t> whole_number(std::string_view text) {
  if (!is_plain(without_minus(text)) || text == "-0") return std::nullopt;
  return converted<int64_t>(text);
}

std::optional<double> decimal_number(std::string_view text) {
  const std::string_view digits = without_minus(text);
  const size_t point = digits.find('.');
  if (!is_plain(digits.substr(0, point))) return std::nullopt;
  if (point != std::string_view::npos && !are_digits(digits.substr(point + 1))) return std::nullopt;
  return converted<double>(text);
}

}  // namespace hailstorm
