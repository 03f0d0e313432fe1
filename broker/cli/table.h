#pragma once

#include <string>
#include <vector>

namespace hailstorm::cli {

/// Rows of text under headings, for people, one line each. Columns are as wide as their widest
/// cell; numbers are aligned to the right.
///
/// Thread safety: not safe.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}

  /// Cells may hold any bytes, and are shown as printable() gives them. REQUIRES: as many as there
  /// are headings.
  void add(std::vector<std::string> cells);

  /// One line per row, each with its line end.
  [[nodiscard]] std::string render() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// "1.5 MiB"
[[nodiscard]] std::string size_text(int64_t bytes);

/// "1 record", "2 records"
[[nodiscard]] std::string counted(int64_t count, const std::string& noun);

}  // namespace hailstorm::cli
