#include "tests/support/process_figures.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <unistd.h>

#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

/// By process, who has started it.
std::map<pid_t, pid_t> parents() {
  std::map<pid_t, pid_t> parents;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = read_text(entry.path() / "stat");
    const size_t name_end = stat.rfind(')');
    pid_t parent = 0;
    if (name_end == std::string::npos) continue;
    if (std::sscanf(stat.c_str() + name_end + 2, "%*c %d", &parent) != 1) continue;
    parents[std::stoi(name)] = parent;
  }
  return parents;
}

}  // namespace

ProcessFigures figures_of(pid_t pid) {
  ProcessFigures figures;
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string stat = read_text(folder + "/stat");
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return figures;  // it is gone
  unsigned long user = 0;
  unsigned long system = 0;
  std::sscanf(stat.c_str() + name_end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
              &user, &system);
  figures.cpu_s = static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::istringstream status(read_text(folder + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) figures.rss_mb = std::stod(line.substr(6)) / 1024;
    if (line.starts_with("VmHWM:")) figures.peak_rss_mb = std::stod(line.substr(6)) / 1024;
    if (line.starts_with("Threads:")) figures.threads = std::stoll(line.substr(8));
  }
  std::error_code gone;
  for (std::filesystem::directory_iterator it(folder + "/fd", gone), end; !gone && it != end;
       it.increment(gone)) {
    ++figures.descriptors;
  }
  return figures;
}

std::vector<pid_t> descendants_of(pid_t pid) {
  const auto parent_of = parents();
  std::vector<pid_t> found = {pid};
  for (size_t at = 0; at < found.size(); ++at) {
    for (const auto& [child, parent] : parent_of) {
      if (parent == found[at]) found.push_back(child);
    }
  }
  found.erase(found.begin());
  return found;
}

std::string command_line_of(pid_t pid) {
  std::string line = read_text("/proc/" + std::to_string(pid) + "/cmdline");
  std::replace(line.begin(), line.end(), '\0', ' ');
  return line;
}

}  // namespace hailstorm::testing
