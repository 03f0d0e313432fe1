#pragma once

#include <span>
#include <string_view>

namespace hailstorm::lab {

/// A text file of the source tree, in the program.
struct EmbeddedFile {
  std::string_view path;  // in its folder
  std::string_view content;
  std::string_view sha256;  // hex digits
};

/// The page's.
[[nodiscard]] std::span<const EmbeddedFile> page_files();

}  // namespace hailstorm::lab
