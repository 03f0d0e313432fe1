#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::tidy {

/// A C++ or Java file in two layers, each as long as the file and with its line ends: a byte that
/// belongs to the other layer, or to a string, is a space.
struct SourceText {
  std::string code;      // strings and characters keep their quotes alone
  std::string comments;  // with their marks
};

/// Knows strings, raw strings, characters, digit separators and both kinds of comments.
[[nodiscard]] SourceText split_source(std::string_view text);

struct Include {
  size_t line;
  std::string path;
};
/// The #include lines with quotes.
[[nodiscard]] std::vector<Include> project_includes(std::string_view text);

[[nodiscard]] bool is_identifier_char(char c) noexcept;

}  // namespace hailstorm::tidy
