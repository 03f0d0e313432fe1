#include "broker/cli/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "common/log/log.h"

namespace hailstorm::cli {
namespace {

constexpr size_t kReadBytes = 64 << 10;

Error unreadable(int error) {
  return {log::LogErrc::refused,
          fmt::format("standard input cannot be read: {}", std::strerror(error))};
}

}  // namespace

Status LineReader::check_open() {
  const int flags = ::fcntl(STDIN_FILENO, F_GETFL);
  if (flags < 0) return unreadable(errno);
  if ((flags & O_ACCMODE) == O_WRONLY) return unreadable(EBADF);
  return {};
}

Result<bool> LineReader::next(std::string& line) {
  line.clear();
  ++line_number_;
  while (true) {
    const size_t end = buffer_.find('\n', at_);
    const size_t count = std::min(end, buffer_.size()) - at_;
    if (line.size() + count > max_line_bytes_)
      return Error(log::LogErrc::refused,
                   fmt::format("it is longer than {} bytes, the limit of a line", max_line_bytes_));
    line.append(buffer_, at_, count);
    at_ += count;
    if (end != std::string::npos) {
      ++at_;
      return true;
    }
    HAIL_ASSIGN_OR_RETURN(const bool more, fill());
    if (!more) return !line.empty();
  }
}

Result<bool> LineReader::fill() {
  buffer_.resize(kReadBytes);
  at_ = 0;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
    const int error = errno;
    buffer_.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
    if (count >= 0) return count > 0;
    if (error == EAGAIN) {  // another program made this terminal or pipe non-blocking
      pollfd readable{STDIN_FILENO, POLLIN, 0};
      (void)::poll(&readable, 1, -1);
    } else if (error != EINTR) {
      return unreadable(error);
    }
    buffer_.resize(kReadBytes);
  }
}

}  // namespace hailstorm::cli
