#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Bytes that somebody else chose (names of groups, keys of records, lines of files) on their way
/// into text that we write. Pure functions: safe from any thread.
namespace hailstorm {

struct Character {
  char32_t code = 0;
  size_t bytes = 0;  // 0: the text does not begin with UTF-8
};
/// REQUIRES: `text` is not empty.
[[nodiscard]] Character first_character(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view bytes);

/// The controls of ASCII, DEL, and U+0080 to U+009F.
[[nodiscard]] bool is_control(char32_t code);

/// The character would move a terminal's cursor, change its colours, break a line, or turn the
/// direction of the text around it.
[[nodiscard]] bool is_unprintable(char32_t code);

/// For terminals, on one line: control characters, and bytes that are no UTF-8, as \xNN; other
/// unprintable characters as \uNNNN.
[[nodiscard]] std::string printable(std::string_view bytes);

/// The same for text of several lines, whose line ends stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// At most `max_bytes` of `text`, cut between two characters, "…" where something was cut.
/// REQUIRES: `text` is valid UTF-8.
[[nodiscard]] std::string shortened(std::string_view text, size_t max_bytes);

/// The columns that printable text takes, about: its number of characters.
[[nodiscard]] size_t column_count(std::string_view text);

}  // namespace hailstorm
