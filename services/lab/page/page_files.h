#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hailstorm::lab {

/// A file as a browser gets it.
struct PageFile {
  std::string content;
  std::string content_type;
  std::string etag;  // another one for another content
};

/// The files of mission control: those in this program, or, while somebody writes them, those in a
/// folder.
///
/// Thread safety: safe.
class PageFiles {
 public:
  /// `folder`: read at each request; empty: the files in this program.
  explicit PageFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// `path` as in the folder, "panels/city.js". Nothing: there is no such file, or it is of no kind
  /// that a page has.
  [[nodiscard]] std::optional<PageFile> find(std::string_view path) const;

 private:
  const std::filesystem::path folder_;
};

}  // namespace hailstorm::lab
