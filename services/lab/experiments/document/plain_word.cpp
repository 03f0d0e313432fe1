#include "services/lab/experiments/document/plain_word.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "common/base/number_text.h"
#include "services/lab/experiments/document/errors.h"

namespace hailstorm::lab {
namespace {

constexpr std::array kTruthWords = {"true", "false", "yes", "no", "on", "off"};

std::string small_letters(std::string_view word) {
  std::string small(word);
  for (char& one : small) one = static_cast<char>(std::tolower(static_cast<unsigned char>(one)));
  return small;
}

bool is_digit(char one) { return one >= '0' && one <= '9'; }

/// It consists of what numbers, times of day and dates are written with, and has a digit.
bool looks_like_a_number(std::string_view word) {
  const bool begins = is_digit(word[0]) || word[0] == '-' || word[0] == '+' || word[0] == '.';
  return begins && std::any_of(word.begin(), word.end(), is_digit) &&
         word.find_first_not_of("0123456789abcdefABCDEFxXoO_+-.:") == std::string_view::npos;
}

/// "2026-01-01…"
bool begins_like_a_date(std::string_view word) {
  return word.size() >= 8 && std::all_of(word.begin(), word.begin() + 4, is_digit) &&
         word[4] == '-' && is_digit(word[5]);
}

bool is_special(const std::string& small) {
  return std::find(kTruthWords.begin(), kTruthWords.end(), small) != kTruthWords.end() ||
         small == "null" || small == "=" || small == "<<" || small.ends_with(".inf") ||
         small == ".nan";
}

}  // namespace

Result<json::Value> plain_word(std::string_view word, size_t line) {
  if (word.empty() || word == "~" || word == "null") return json::Value();
  if (word == "true") return json::Value(true);
  if (word == "false") return json::Value(false);
  if (const auto whole = whole_number(word)) return json::Value(*whole);
  if (const auto decimal = decimal_number(word)) return json::Value(*decimal);
  if (is_special(small_letters(word)) || looks_like_a_number(word) || begins_like_a_date(word)) {
    return bad_field(line, word, "could mean something else in YAML: put it into quotes");
  }
  return json::Value(word);
}

}  // namespace hailstorm::lab
