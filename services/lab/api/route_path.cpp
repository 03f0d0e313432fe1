#include "services/lab/api/route_path.h"

namespace hailstorm::lab {

std::string pattern_of(std::string_view path) {
  std::string pattern;
  while (!path.empty()) {
    if (path.front() == '{') {
      pattern += "([^/]+)";
      path.remove_prefix(path.find('}') + 1);
      continue;
    }
    if (path.front() == '.') pattern += '\\';
    pattern += path.front();
    path.remove_prefix(1);
  }
  return pattern;
}

}  // namespace hailstorm::lab
