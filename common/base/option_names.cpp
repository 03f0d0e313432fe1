#include "common/base/option_names.h"

#include <algorithm>
#include <cctype>

extern char** environ;

namespace hailstorm {

std::string to_upper(std::string_view name) {
  std::string upper;
  for (const char c : name) {
    upper += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return upper;
}

std::string program_prefix(const std::string& program) {
  const std::string name = program.substr(0, program.find(' '));
  if (!name.starts_with("hail-")) return {};
  return std::string(kVariablePrefix) + to_upper(name.substr(std::string_view("hail-").size())) +
         "_";
}

std::optional<std::string> first_unknown_variable(const std::string& prefix,
                                                  const std::set<std::string>& known) {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with(prefix)) continue;
    std::string name(text.substr(0, text.find('=')));
    if (!known.contains(name)) return name;
  }
  return std::nullopt;
}

std::vector<std::string> arguments_last_first(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  bool are_flags_over = false;
  for (int i = 1; i < argc; ++i) {
    const std::string text = argv[i];
    are_flags_over = are_flags_over || text == "--";
    const bool has_no_value =
        !are_flags_over && text.starts_with("--") && text.find('=') == text.size() - 1;
    if (!has_no_value) {
      arguments.push_back(text);
    } else {
      arguments.push_back(text.substr(0, text.size() - 1));
      arguments.emplace_back();
    }
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

}  // namespace hailstorm
