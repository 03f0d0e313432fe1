#include "common/base/error_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hailstorm {
namespace {

bool is_same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// -1 with errno.
int open_to_append(const std::string& path) {
  // Without waiting: a FIFO would keep us until somebody reads it.
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
}

/// Standard error becomes the file `fd`, and so does standard output where it is the file `before`.
void take_place(int fd, const struct stat& before) {
  struct stat output {};
  const bool has_output = ::fstat(STDOUT_FILENO, &output) == 0 && is_same_file(output, before);
  ::dup2(fd, STDERR_FILENO);
  if (has_output) ::dup2(fd, STDOUT_FILENO);
  ::close(fd);
}

}  // namespace

Result<ErrorFile> ErrorFile::begin(const std::string& path, int64_t max_bytes) {
  const auto refuse = [&](const char* why) {
    return Error(OutputErrc::not_usable,
                 fmt::format("cannot write the log file {}: {}", path, why));
  };
  const int fd = open_to_append(path);
  if (fd < 0) return refuse(std::strerror(errno));
  struct stat found {};
  if (::fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
    ::close(fd);
    return refuse("it is no regular file");
  }
  take_place(fd, found);
  return ErrorFile(path, max_bytes);
}

void ErrorFile::make_room(size_t bytes) const {
  struct stat full {};
  if (::fstat(STDERR_FILENO, &full) != 0 || full.st_size == 0) return;
  if (full.st_size + static_cast<int64_t>(bytes) <= max_bytes_) return;
  // A process that died here, or a disk that was full, may have left no file of that name.
  struct stat named {};
  const bool has_name = ::stat(path_.c_str(), &named) == 0 && is_same_file(named, full);
  if (has_name && std::rename(path_.c_str(), (path_ + ".1").c_str()) != 0) return;
  if (const int fd = open_to_append(path_); fd >= 0) take_place(fd, full);
}

}  // namespace hailstorm
