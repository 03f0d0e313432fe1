#pragma once

#include <string>
#include <string_view>
#include <vector>

/// HTML for a report that is one file: no script, nothing from elsewhere, light or dark as its
/// reader's system is. Pure functions: safe from any thread.
namespace hailstorm::lab {

/// The text, harmless in HTML, in an attribute and in SVG: markup and characters that no page may
/// hold are escaped.
[[nodiscard]] std::string html_text(std::string_view text);

/// Cells are texts, not HTML. `caption` may be empty.
struct HtmlTable {
  std::string caption;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};
[[nodiscard]] std::string to_html(const HtmlTable& table);

/// The whole file; `title` is text, `body` is HTML.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view body);

}  // namespace hailstorm::lab
