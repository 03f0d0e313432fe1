#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::tidy {

struct Function {
  size_t line;  // of its first word
  size_t lines;
  std::string head;  // up to its brace, on one line
};

/// The functions of a C++ or Java file: bodies in braces that follow a parameter list. Functions
/// inside a function count as part of it.
[[nodiscard]] std::vector<Function> functions_in(std::string_view text);

/// The functions of a shell script: from "name() {" or "name() (" at the beginning of a line to the
/// next line that begins with the closing bracket.
[[nodiscard]] std::vector<Function> shell_functions_in(std::string_view text);

}  // namespace hailstorm::tidy
