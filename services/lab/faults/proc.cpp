#include "services/lab/faults/proc.h"

#include <cstdlib>
#include <fstream>
#include <string>

namespace hailstorm::lab {

ProcStatus proc_status(pid_t pid) {
  ProcStatus status;
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("State:")) {
      const size_t at = line.find_first_not_of(" \t", 6);
      if (at != std::string::npos) status.state = line[at];
    } else if (line.starts_with("VmRSS:")) {
      status.rss_kb = std::strtoll(line.c_str() + 6, nullptr, 10);
    }
  }
  return status;
}

}  // namespace hailstorm::lab
