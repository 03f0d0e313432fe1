#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::tidy {

/// The files of a source tree: path from its top, with /, → text. A file that is no text (it is not
/// UTF-8, or holds a zero byte) is there with an empty text.
using Tree = std::map<std::string, std::string, std::less<>>;

/// What a rule found, each "path:line: what is wrong: what to do". Empty: the tree keeps the rule.
using Complaints = std::vector<std::string>;

[[nodiscard]] std::string complaint(std::string_view path, size_t line, std::string_view what);

/// The files below `root` that git tracks or would track; where git does not know the folder, all
/// but build/ and .hailstorm/.
[[nodiscard]] Tree read_tree(const std::filesystem::path& root);

/// The path without its last part; empty for a file at the top.
[[nodiscard]] std::string_view folder_of(std::string_view path);

/// Whether `path` is `folder` or lies below it.
[[nodiscard]] bool is_below(std::string_view path, std::string_view folder);

/// Whether the tree has this file, or files below this folder. The top is "".
[[nodiscard]] bool exists(const Tree& tree, std::string_view path);

/// Whether the name ends with one of these, e.g. {".h", ".cpp"}.
[[nodiscard]] bool has_ending(std::string_view path, const std::vector<std::string_view>& endings);

/// The lines without their ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// The words between spaces and line ends.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// The number of the line, from 1, that holds this position.
[[nodiscard]] size_t line_at(std::string_view text, size_t position);

}  // namespace hailstorm::tidy
