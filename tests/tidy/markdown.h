#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::tidy {

/// Reads a Markdown file line by line, and knows which lines are a table or a code block.
///
/// Thread safety: for one thread.
class MarkdownLines {
 public:
  /// Whether the line is in a code block: between ```, or indented by four blanks. To be called for
  /// each line in order.
  [[nodiscard]] bool is_code(std::string_view line);

 private:
  bool fenced_ = false;
};

[[nodiscard]] bool is_table_row(std::string_view line);

/// The targets of the links in a line: TARGET of "[text](TARGET)".
[[nodiscard]] std::vector<std::string> link_targets(std::string_view line);

/// What a link may name after # to lead to a heading of this document, as GitHub makes it: "What
/// it costs" is what-it-costs.
[[nodiscard]] std::set<std::string, std::less<>> heading_anchors(std::string_view document);

}  // namespace hailstorm::tidy
