#include "tests/support/process_figures.h"

#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <unistd.h>

#include "tests/support/run_program.h"

namespace hailstorm::testing {

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

}  // namespace hailstorm::testing
