#include "common/base/run_main.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <iostream>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/options.h"

namespace hailstorm {
namespace {

// More than any of the programs uses. Some machines permit a thousand million.
constexpr rlim_t kMostOpenFiles = 65'536;

/// Why the program cannot have as many open files as it needs, if it cannot.
std::optional<std::string> too_few_open_files(const Program& program) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  const rlim_t wanted = std::min(limit.rlim_max, kMostOpenFiles);
  if (limit.rlim_cur < wanted) {
    rlimit raised = limit;
    raised.rlim_cur = wanted;
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur >= static_cast<rlim_t>(program.open_files)) return std::nullopt;
  return fmt::format(
      "at most {} files may be open in this process, and it needs {}; raise the limit, for example "
      "with 'ulimit -n 1024'",
      limit.rlim_cur, program.open_files);
}

int run_caught(const Program& program, int argc, char** argv, int (*body)(int, char**)) {
  try {
    if (const auto why = too_few_open_files(program)) return usage_error(program.name, *why);
    return body(argc, argv);
  } catch (const std::exception& failure) {
    return usage_error(program.name, fmt::format("stopped by an error: {}", failure.what()));
  } catch (...) {
    return usage_error(program.name, "stopped by an error that has no description");
  }
}

}  // namespace

bool is_output_lost() {
  const bool is_written = std::cout.flush() && std::fflush(stdout) == 0 && !std::ferror(stdout);
  if (is_written) return false;
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) != 1 || (output.revents & POLLERR) == 0;
}

int run_main(const Program& program, int argc, char** argv, int (*body)(int argc, char** argv)) {
  const int code = run_caught(program, argc, argv, body);
  if (!is_output_lost()) return code;
  std::cerr << program.name << ": cannot write to standard output\n";
  return code == 0 ? 1 : code;
}

}  // namespace hailstorm
