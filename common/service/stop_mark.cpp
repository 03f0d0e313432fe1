#include "common/service/stop_mark.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "common/base/enum_name.h"

namespace hailstorm::service {
namespace {

constexpr std::string_view kClean = "clean\n";

}  // namespace

std::string_view name_of(StopMarkErrc code) { return enum_name(code); }

Result<StopMark> StopMark::take(const std::filesystem::path& folder) {
  const auto path = folder / "clean-stop";
  const auto failed = [&path] {
    return Error(StopMarkErrc::unusable,
                 fmt::format("cannot write {}: {}; see that the folder is writable and has room",
                             path.string(), std::strerror(errno)));
  };
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failed();
  struct stat file {};
  const bool is_whole =
      ::fstat(fd, &file) == 0 && file.st_size == static_cast<off_t>(kClean.size());
  StopMark mark(fd, is_whole);
  // Shared among the instances of a service; one that is alone at its end may write.
  if (::flock(fd, LOCK_SH) != 0 || ::ftruncate(fd, 0) != 0 || ::fdatasync(fd) != 0) return failed();
  return mark;
}

StopMark::StopMark(StopMark&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), was_clean_(other.was_clean_) {}

StopMark::~StopMark() {
  if (fd_ >= 0) ::close(fd_);
}

void StopMark::leave() {
  const bool is_alone = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
  // Where this fails the next start looks the store over, which is all.
  if (is_alone && ::pwrite(fd_, kClean.data(), kClean.size(), 0) > 0) (void)::fdatasync(fd_);
}

}  // namespace hailstorm::service
