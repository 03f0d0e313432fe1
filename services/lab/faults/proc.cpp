#include "services/lab/faults/proc.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace hailstorm::lab {
namespace {

constexpr int kLooks = 5;
constexpr std::chrono::milliseconds kBetweenLooks(5);

}  // namespace

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

int64_t cpu_ticks(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  // The second field, the name, may hold anything; after its last bracket the third begins.
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  constexpr int kUserTime = 14;
  std::string skipped;
  for (int field = 3; field < kUserTime; ++field) fields >> skipped;
  int64_t user = 0;
  int64_t system = 0;
  fields >> user >> system;
  return user + system;
}

std::string stat_says(pid_t pid) {
  const char state = proc_status(pid).state;
  if (state == 0) return fmt::format("/proc/{} is gone", pid);
  return fmt::format("/proc/{}/status says {}", pid, state);
}

bool is_gone(pid_t pid) {
  const char state = proc_status(pid).state;
  return state == 0 || state == 'Z' || state == 'X';
}

bool is_stopped(pid_t pid) {
  for (int i = 0; i < kLooks; ++i) {
    if (i > 0) std::this_thread::sleep_for(kBetweenLooks);
    if (proc_status(pid).state != 'T') return false;
  }
  return true;
}

}  // namespace hailstorm::lab
