#include "common/service/relay_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hailstorm::service {
namespace {

int64_t touched_ms(int fd) {
  struct stat file {};
  if (::fstat(fd, &file) != 0) return 0;
  return int64_t{file.st_mtim.tv_sec} * 1000 + file.st_mtim.tv_nsec / 1'000'000;
}

}  // namespace

RelayLock::RelayLock(const std::string& path, const Clock& clock)
    : clock_(clock), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}

RelayLock::~RelayLock() {
  if (fd_ >= 0) ::close(fd_);
}

bool RelayLock::may_relay() {
  if (fd_ < 0) return false;
  if (!held_) held_ = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
  if (held_) {
    (void)::futimens(fd_, nullptr);
    return true;
  }
  return clock_.wall_ms() - touched_ms(fd_) > kHolderSilenceMs;
}

}  // namespace hailstorm::service
