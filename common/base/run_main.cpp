#include "common/base/run_main.h"

#include <cstdint>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <iostream>
#include <optional>
#include <poll.h>
#include <string>
#include <unistd.h>

#include "common/base/options.h"
#include "common/base/process.h"

namespace hailstorm {
namespace {

/// Why the program cannot have as many open files as it needs, if it cannot.
std::optional<std::string> too_few_open_files(const Program& program) {
  const auto limit = raise_open_files(kMostOpenFiles);
  if (!limit || *limit >= static_cast<uint64_t>(program.open_files)) return std::nullopt;
  return fmt::format(
      "at most {} files may be open in this process, and it needs {}; raise the limit, for example "
      "with 'ulimit -n 1024'",
      *limit, program.open_files);
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
  prepare_process();
  const int code = run_caught(program, argc, argv, body);
  if (!is_output_lost()) return code;
  std::cerr << program.name << ": cannot write to standard output\n";
  return code == 0 ? 1 : code;
}

}  // namespace hailstorm
