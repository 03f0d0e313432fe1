#include "services/city/input_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include "services/city/errors.h"

namespace hailstorm::city {
namespace {

constexpr int kAskStoppedEveryMs = 100;

/// "/dev/stdin" cannot be opened where standard input is a socket.
bool is_standard_input(const std::string& name) { return name == "-" || name == "/dev/stdin"; }

int open_to_read(const std::string& name) {
  if (is_standard_input(name)) return ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  // Not blocking: a named pipe without a writer must not hold the caller up in open().
  return ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& name, InputOptions options) {
  const int fd = open_to_read(name);
  if (fd < 0) {
    return Error(CityErrc::cannot_read,
                 fmt::format("cannot read '{}': {}", name, std::strerror(errno)));
  }
  std::unique_ptr<InputFile> file(new InputFile(name, std::move(options), fd));
  if (!file->options_.copy_to.empty()) HAIL_RETURN_IF_ERROR(file->make_copy());
  return file;
}

InputFile::InputFile(std::string name, InputOptions options, int fd)
    : name_(std::move(name)), options_(std::move(options)), fd_(fd) {}

InputFile::~InputFile() {
  ::close(fd_);
  if (copy_fd_ < 0) return;
  ::close(copy_fd_);
  if (!at_end_) ::unlink(options_.copy_to.c_str());
}

Result<size_t> InputFile::read(std::span<char> buffer) {
  for (;;) {
    HAIL_RETURN_IF_ERROR(await_bytes());
    const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return read_error();
    const auto bytes = static_cast<size_t>(got);
    if (copy_fd_ >= 0) HAIL_RETURN_IF_ERROR(write_copy(buffer.first(bytes)));
    read_bytes_ += got;
    at_end_ = got == 0;
    return bytes;
  }
}

Status InputFile::await_bytes() const {
  for (;;) {
    if (options_.stopped && options_.stopped()) {
      return Error(CityErrc::stopped,
                   fmt::format("stopped while '{}' was read, at byte {}", name_, read_bytes_));
    }
    pollfd one{fd_, POLLIN, 0};
    const int ready = ::poll(&one, 1, kAskStoppedEveryMs);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return read_error();
  }
}

Status InputFile::make_copy() {
  copy_fd_ = ::open(options_.copy_to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (copy_fd_ < 0) return copy_error();
  return {};
}

Status InputFile::write_copy(std::span<const char> bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(copy_fd_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return copy_error();
    if (written > 0) bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return {};
}

Error InputFile::copy_error() const {
  return {CityErrc::cannot_copy, fmt::format("cannot keep a copy of '{}' in {}: {}", name_,
                                             options_.copy_to, std::strerror(errno))};
}

Error InputFile::read_error() const {
  return {CityErrc::cannot_read,
          fmt::format("cannot read '{}' at byte {}: {}", name_, read_bytes_, std::strerror(errno))};
}

}  // namespace hailstorm::city
