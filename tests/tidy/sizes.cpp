#include <fmt/format.h>

#include "tests/tidy/functions.h"
#include "tests/tidy/rules.h"

namespace hailstorm::tidy {
namespace {

constexpr size_t kFunctionLines = 60;
constexpr size_t kFileLines = 500;
constexpr size_t kReadmeBytes = 8192;
constexpr size_t kShownCharacters = 60;

bool is_shell(std::string_view path, std::string_view text) {
  return path.ends_with(".sh") || (text.starts_with("#!") && text.find("sh\n") < 40);
}

bool has_braces(std::string_view path) { return has_ending(path, {".h", ".cpp", ".java"}); }

std::vector<Function> functions_of(std::string_view path, std::string_view text) {
  if (has_braces(path)) return functions_in(text);
  return is_shell(path, text) ? shell_functions_in(text) : std::vector<Function>();
}

bool is_code(std::string_view path, std::string_view text) {
  return has_braces(path) || is_shell(path, text) || path.ends_with("CMakeLists.txt");
}

}  // namespace

Complaints check_sizes(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (path == "README.md" && text.size() > kReadmeBytes) {
      complaints.push_back(
          complaint(path, lines_of(text).size(),
                    fmt::format("{} bytes, at most {}: move what is not for the first look to docs",
                                text.size(), kReadmeBytes)));
    }
    if (!is_code(path, text)) continue;
    const size_t lines = lines_of(text).size();
    if (lines > kFileLines) {
      complaints.push_back(complaint(
          path, lines,
          fmt::format("{} lines, at most {}: split the file by what it does", lines, kFileLines)));
    }
    for (const auto& function : functions_of(path, text)) {
      if (function.lines <= kFunctionLines) continue;
      complaints.push_back(
          complaint(path, function.line,
                    fmt::format("{} lines, at most {}: split the function {}", function.lines,
                                kFunctionLines, function.head.substr(0, kShownCharacters))));
    }
  }
  return complaints;
}

}  // namespace hailstorm::tidy
