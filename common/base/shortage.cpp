#include "common/base/shortage.h"

#include <cerrno>

namespace hailstorm {

std::optional<Shortage> shortage_of(int errno_code) {
  switch (errno_code) {
    case ENOSPC:
      return Shortage{"room on the disk", "free some"};
    case EDQUOT:
      return Shortage{"room on the disk", "free some, or raise the user's quota"};
    case EFBIG:
      return Shortage{"room on the disk", "raise the limit of a file's size (ulimit -f)"};
    case EMFILE:
      return Shortage{"descriptors", "raise the limit of open files (ulimit -n)"};
    case ENFILE:
      return Shortage{"descriptors", "end something that has many files open on this machine"};
    case ENOMEM:
    case ENOBUFS:
      return Shortage{"memory", "end something, or let this process have more"};
    case EAGAIN:
      return Shortage{"threads", "end something, or raise the limit of processes (ulimit -u)"};
    case EADDRINUSE:
      return Shortage{"a port", "end the process that has it", true};
    case EBUSY:
      return Shortage{"files", "end the process that has them", true};
    default:
      return std::nullopt;
  }
}

}  // namespace hailstorm
