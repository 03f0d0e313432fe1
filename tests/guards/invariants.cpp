#include "tests/guards/invariants.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>

namespace hailstorm::guards {
namespace {

std::string to_lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void add_quoted(const std::string& line, std::vector<std::string>& list) {
  static const std::regex quoted("`([^`]+)`");
  for (std::sregex_iterator at(line.begin(), line.end(), quoted), end; at != end; ++at) {
    list.push_back((*at)[1]);
  }
}

}  // namespace

std::vector<Invariant> parse_invariants(std::string_view text) {
  static const std::regex entry(R"((\d+)\. .*)");
  std::vector<Invariant> invariants;
  std::vector<std::string>* list = nullptr;
  std::string section;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (line.starts_with("## ")) {
      section = to_lower(line.substr(3));
      list = nullptr;
    } else if (std::regex_match(line, parts, entry)) {
      Invariant& invariant = invariants.emplace_back();
      invariant.number = std::stoi(parts[1]);
      invariant.section = section;
      list = nullptr;
    } else if (!invariants.empty() && line.find("- Tests:") != std::string::npos) {
      invariants.back().has_tests_line = true;
      list = &invariants.back().tests;
    } else if (!invariants.empty() && line.find("- Guards:") != std::string::npos) {
      invariants.back().has_guards_line = true;
      list = &invariants.back().guards;
    }
    if (list != nullptr) add_quoted(line, *list);
  }
  return invariants;
}

}  // namespace hailstorm::guards
