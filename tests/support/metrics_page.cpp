#include "tests/support/metrics_page.h"

#include <cstdlib>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "common/base/text.h"

namespace hailstorm::testing {
namespace {

const std::string kName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const std::string kLabel = R"re([a-zA-Z_]\w*="([^"\\]|\\[\\"n])*")re";
const std::regex kHead("# (HELP|TYPE) (" + kName + ") .*");
const std::regex kSample("(" + kName + R"((\{)" + kLabel + "(," + kLabel + R"()*\})?) (\S+))");

bool is_number(const std::string& text) {
  char* end = nullptr;
  (void)std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0';
}

}  // namespace

std::vector<std::string> problems_of_metrics(std::string_view page) {
  std::vector<std::string> problems;
  if (!page.empty() && !page.ends_with('\n')) problems.push_back("the last line has no end");
  std::set<std::string> seen;
  std::istringstream lines{std::string(page)};
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    std::optional<std::string> once;
    if (printable(line) != line) problems.push_back("not printable: " + printable(line));
    if (std::regex_match(line, match, kHead)) {
      once = match[1].str() + " " + match[2].str();
    } else if (std::regex_match(line, match, kSample) && is_number(match[match.size() - 1])) {
      once = match[1].str();
    } else {
      problems.push_back("no line of the format: " + printable(line));
    }
    if (once && !seen.insert(*once).second) problems.push_back("twice: " + printable(*once));
  }
  return problems;
}

}  // namespace hailstorm::testing
