#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tree.h"

namespace hailstorm::tidy {

/// One word of a text: a run of letters and digits; CamelCase and snake_case are several words.
struct Word {
  size_t begin;
  size_t end;
  bool follows;  // nothing but space, line ends, _, - and comment marks since the word before
};

[[nodiscard]] std::vector<Word> split_words(std::string_view text);

struct BannedPhrase {
  std::string phrase;  // as it stands in the list
  std::string better;
  std::vector<std::string> words;  // lower case, but those that the list begins with a capital
  std::string only_in;             // a folder; empty: everywhere
  std::string not_in;              // a folder inside it; empty: none
};

/// Reads the list; its head says what a line holds.
[[nodiscard]] std::vector<BannedPhrase> read_banned(std::string_view list);

struct Found {
  size_t line;
  const BannedPhrase* phrase;
};

/// Each place in `text`, the file at `path`, where one of the phrases stands. `phrases` must remain
/// live while the result is in use.
[[nodiscard]] std::vector<Found> find_banned(std::string_view path, std::string_view text,
                                             const std::vector<BannedPhrase>& phrases);

}  // namespace hailstorm::tidy
