#pragma once

#include <filesystem>

#include "tests/tidy/tree.h"

/// The rules of the house: one function and one source file each. Every rule reads only the tree
/// that it is given, so that a test can show it a small one which breaks the rule.
namespace hailstorm::tidy {

/// A file includes only files of its own folder and of folders that the map lets it use
/// (docs/architecture.md, section "The folders").
/// Tests include product files, tests/support and files below their own line of the map.
[[nodiscard]] Complaints check_includes(const Tree& tree);

/// Services and the broker use nothing of each other, and common/ nothing of either, whatever the
/// map says: neither by an #include nor by an arrow.
[[nodiscard]] Complaints check_layers(const Tree& tree);

/// The map has every folder with a CMake target, and says of each what CMake says.
[[nodiscard]] Complaints check_folder_map(const Tree& tree);

/// No header with its source file includes others which include it again.
[[nodiscard]] Complaints check_cycles(const Tree& tree);

/// No line of text has more than 100 characters. Not counted: tables and code blocks of Markdown,
/// addresses, and files that record what others wrote (fixtures, fuzzing inputs, guards).
[[nodiscard]] Complaints check_columns(const Tree& tree);

/// No function has more than 60 lines and no file more than 500, in common/log/hailstorm 250.
/// README.md has at most 8,192 bytes.
[[nodiscard]] Complaints check_sizes(const Tree& tree);

/// What clang-format changes in the C++ files below `root`. `program` is clang-format's path.
[[nodiscard]] Complaints check_format(const Tree& tree, const std::filesystem::path& root,
                                      const std::filesystem::path& program);

/// A function or a file that a comment of a header names exists.
[[nodiscard]] Complaints check_header_names(const Tree& tree);

/// No script, document, build file or source names a file or folder outside the tree by "..".
[[nodiscard]] Complaints check_paths(const Tree& tree);

/// A document names only what is there: the file of each link and the heading after its #, and each
/// path after a backtick that begins with a top folder. Not checked: code blocks.
[[nodiscard]] Complaints check_document_paths(const Tree& tree);

/// README's table of dependencies names the packages of .ci/packages and .ci/test-packages, no
/// others.
[[nodiscard]] Complaints check_packages(const Tree& tree);

/// No comment has a line that ends in the middle of a sentence and of the page, as clang-format
/// leaves one that it broke, and no sentence of a comment has "who" as its subject.
[[nodiscard]] Complaints check_comments(const Tree& tree);

/// No file has one of the words in tests/tidy/banned_words.txt.
[[nodiscard]] Complaints check_words(const Tree& tree);

}  // namespace hailstorm::tidy
