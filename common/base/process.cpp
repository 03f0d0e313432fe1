#include "common/base/process.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace hailstorm {

void prepare_process() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // Gets this number: the lower ones are in use. Standard input is not to be read either.
    if (::open("/dev/null", O_WRONLY) != fd) std::_Exit(2);  // nowhere to say why
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace hailstorm
