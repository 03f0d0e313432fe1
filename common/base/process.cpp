#include "common/base/process.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hailstorm {
namespace {

std::optional<mode_t> callers_umask;  // set before there are threads

}  // namespace

void prepare_process() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // Gets this number: the lower ones are in use. Standard input is not to be read either.
    if (::open("/dev/null", O_WRONLY) != fd) std::_Exit(2);  // nowhere to say why
  }
  std::signal(SIGXFSZ, SIG_IGN);
  callers_umask = ::umask(S_IRWXG | S_IRWXO);
}

mode_t umask_of_caller() {
  if (callers_umask) return *callers_umask;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

std::optional<uint64_t> raise_open_files(uint64_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  rlimit raised = limit;
  raised.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
  if (raised.rlim_cur <= limit.rlim_cur || ::setrlimit(RLIMIT_NOFILE, &raised) != 0)
    return limit.rlim_cur;
  return raised.rlim_cur;
}

}  // namespace hailstorm
