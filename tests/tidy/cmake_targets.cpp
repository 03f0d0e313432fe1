#include "tests/tidy/cmake_targets.h"

#include <algorithm>
#include <vector>

namespace hailstorm::tidy {
namespace {

constexpr std::string_view kPrefix = "hailstorm::";

struct Call {
  std::string function;
  size_t line;
  std::vector<std::string> arguments;
};

std::string without_comments(std::string_view text) {
  std::string code;
  for (const auto line : lines_of(text)) code += std::string(line.substr(0, line.find('#'))) + "\n";
  return code;
}

/// Calls at the beginning of a line: a function's own body is indented.
std::vector<Call> calls_in(const std::string& code) {
  std::vector<Call> calls;
  for (size_t at = 0; at < code.size(); at = code.find('\n', at) + 1) {
    const size_t open = code.find_first_of("(\n", at);
    if (open == code.npos || code[open] != '(' || code[at] == ' ') continue;
    const size_t close = std::min(code.find(')', open), code.size());
    calls.push_back({code.substr(at, open - at), line_at(code, at),
                     words_of(std::string_view(code).substr(open + 1, close - open - 1))});
  }
  return calls;
}

bool makes_target(const Call& call) {
  static const std::vector<std::string_view> kMakers = {
      "hailstorm_library", "hailstorm_program", "hailstorm_test", "add_library", "add_executable"};
  return std::ranges::find(kMakers, call.function) != kMakers.end();
}

bool is_ours(const Call& call) {
  return call.function == "hailstorm_library" || call.function == "hailstorm_program";
}

}  // namespace

CmakeTargets read_cmake_targets(const Tree& tree) {
  CmakeTargets targets;
  std::map<std::string, std::string> folder_of_library;
  std::vector<std::pair<std::string, Call>> ours;
  for (const auto& [path, text] : tree) {
    const std::string folder(folder_of(path));
    if (folder.empty() || !path.ends_with("/CMakeLists.txt")) continue;
    for (const auto& call : calls_in(without_comments(text))) {
      if (call.arguments.empty() || !makes_target(call)) continue;
      targets.lines.emplace(folder, call.line);
      if (!is_ours(call)) continue;
      if (call.function == "hailstorm_library") folder_of_library[call.arguments[0]] = folder;
      ours.emplace_back(folder, call);
    }
  }
  for (const auto& [folder, call] : ours) {
    for (const auto& word : call.arguments) {
      if (!word.starts_with(kPrefix)) continue;
      const auto found = folder_of_library.find(word.substr(kPrefix.size()));
      if (found == folder_of_library.end()) {
        targets.complaints.push_back(
            complaint(folder + "/CMakeLists.txt", call.line, "no library is called " + word));
      } else if (found->second != folder) {
        targets.arrows[folder].insert(found->second);
      }
    }
  }
  return targets;
}

}  // namespace hailstorm::tidy
