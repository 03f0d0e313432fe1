#include "tests/tidy/banned_words.h"

#include <algorithm>
#include <map>

namespace hailstorm::tidy {
namespace {

constexpr std::string_view kArrow = " → ";
constexpr std::string_view kJoins = " _-\n\t/*#";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether a word ends before `at`: "aB", and before the last capital of "ABc".
bool breaks(std::string_view text, size_t at) {
  if (!is_upper(text[at])) return false;
  return is_lower(text[at - 1]) || (at + 1 < text.size() && is_lower(text[at + 1]));
}

std::string lower_case(std::string_view word) {
  std::string small(word);
  std::ranges::transform(small, small.begin(), lower);
  return small;
}

/// The list's word with a capital is found only with it; any other in every case.
bool is_word(std::string_view found, std::string_view banned) {
  return is_upper(banned[0]) ? found == banned : lower_case(found) == banned;
}

bool matches(std::string_view text, const std::vector<Word>& words, size_t at,
             const BannedPhrase& phrase) {
  if (at + phrase.words.size() > words.size()) return false;
  for (size_t i = 0; i < phrase.words.size(); ++i) {
    const Word& word = words[at + i];
    if (i > 0 && !word.follows) return false;
    if (!is_word(text.substr(word.begin, word.end - word.begin), phrase.words[i])) return false;
  }
  return true;
}

bool is_banned_at(std::string_view path, const BannedPhrase& phrase) {
  if (!is_below(path, phrase.only_in)) return false;
  return phrase.not_in.empty() || !is_below(path, phrase.not_in);
}

/// "only in tests, not tests/support", after the better word.
void read_scope(BannedPhrase& phrase, std::string_view scope) {
  auto words = words_of(scope);
  if (words.size() < 3) return;
  if (words[2].ends_with(',')) words[2].pop_back();
  phrase.only_in = words[2];
  if (words.size() == 5) phrase.not_in = words[4];
}

BannedPhrase read_line(std::string_view line) {
  BannedPhrase phrase;
  const size_t arrow = std::min(line.find(kArrow), line.size());
  phrase.phrase = std::string(line.substr(0, arrow));
  std::string_view rest = line.substr(std::min(arrow + kArrow.size(), line.size()));
  const size_t second = std::min(rest.find(kArrow), rest.size());
  phrase.better = std::string(rest.substr(0, second));
  if (second < rest.size()) read_scope(phrase, rest.substr(second + kArrow.size()));
  for (const Word& word : split_words(phrase.phrase)) {
    phrase.words.push_back(phrase.phrase.substr(word.begin, word.end - word.begin));
  }
  return phrase;
}

}  // namespace

std::vector<Word> split_words(std::string_view text) {
  std::vector<Word> words;
  for (size_t at = 0, before = 0; at < text.size(); ++at) {
    if (!is_upper(text[at]) && !is_lower(text[at])) continue;
    const size_t begin = at;
    while (at < text.size() && (is_upper(text[at]) || is_lower(text[at])) &&
           (at == begin || !breaks(text, at))) {
      ++at;
    }
    const auto between = text.substr(before, begin - before);
    words.push_back({begin, at, between.find_first_not_of(kJoins) == between.npos});
    before = at--;
  }
  return words;
}

std::vector<BannedPhrase> read_banned(std::string_view list) {
  std::vector<BannedPhrase> phrases;
  for (const auto line : lines_of(list)) {
    if (!line.empty() && !line.starts_with('#')) phrases.push_back(read_line(line));
  }
  return phrases;
}

std::vector<Found> find_banned(std::string_view path, std::string_view text,
                               const std::vector<BannedPhrase>& phrases) {
  std::multimap<std::string, const BannedPhrase*, std::less<>> by_first_word;
  for (const auto& phrase : phrases) {
    if (!phrase.words.empty() && is_banned_at(path, phrase)) {
      by_first_word.emplace(lower_case(phrase.words[0]), &phrase);
    }
  }
  std::vector<Found> found;
  const auto words = split_words(text);
  for (size_t at = 0; at < words.size(); ++at) {
    const auto first = lower_case(text.substr(words[at].begin, words[at].end - words[at].begin));
    const auto [begin, end] = by_first_word.equal_range(first);
    for (auto candidate = begin; candidate != end; ++candidate) {
      if (!matches(text, words, at, *candidate->second)) continue;
      found.push_back({line_at(text, words[at].begin), candidate->second});
    }
  }
  return found;
}

}  // namespace hailstorm::tidy
