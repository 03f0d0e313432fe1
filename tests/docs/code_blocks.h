#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::docs {

/// A line of code in a Markdown document.
struct CodeLine {
  std::string document;  // from the top folder of the tree
  size_t line = 0;
  std::string text;  // without the indentation of its block
};

/// The lines of the code blocks of a document: indented by four blanks, or between ```.
[[nodiscard]] std::vector<CodeLine> code_lines(const std::string& document, std::string_view text);

/// The pieces of code within the sentences of a document: what stands between two backticks.
[[nodiscard]] std::vector<CodeLine> inline_code(const std::string& document, std::string_view text);

/// A command of a block and what the block shows below it.
struct Example {
  size_t line = 0;
  std::string command;  // after "$ "; of several lines where one ends with | or a backslash
  std::string output;   // each line with its line end
};

/// The examples below the heading "## HEADING", in order.
[[nodiscard]] std::vector<Example> examples_below(std::string_view text, std::string_view heading);

}  // namespace hailstorm::docs
