#include "services/lab/faults/process_control.h"

namespace hailstorm::lab {

std::string option_in(const std::vector<std::string>& argv, const std::string& name) {
  std::string value;
  for (size_t i = 1; i < argv.size(); ++i) {  // the last one counts
    if (argv[i] == name && i + 1 < argv.size()) value = argv[i + 1];
    if (argv[i].starts_with(name + "=")) value = argv[i].substr(name.size() + 1);
  }
  return value;
}

}  // namespace hailstorm::lab
