#include "services/lab/agent/output_pipe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "common/base/clock.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kMostOutputBytes = 16 << 20;

}  // namespace

OutputPipe::OutputPipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  read_end_ = ends[0];
  write_end_ = ends[1];
}

OutputPipe::~OutputPipe() {
  close_write_end();
  if (read_end_ >= 0) ::close(read_end_);
}

void OutputPipe::close_write_end() {
  if (write_end_ >= 0) ::close(write_end_);
  write_end_ = -1;
}

std::string OutputPipe::read_to_end(int timeout_ms) {
  close_write_end();
  std::string text;
  const int64_t deadline_us = steady_us() + int64_t{timeout_ms} * 1000;
  for (;;) {
    const int64_t left_us = deadline_us - steady_us();
    if (left_us <= 0) return text;
    pollfd one{read_end_, POLLIN, 0};
    if (::poll(&one, 1, static_cast<int>(left_us / 1000) + 1) <= 0) continue;
    std::array<char, 4096> bytes;
    const ssize_t got = ::read(read_end_, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(bytes.data(), std::min(static_cast<size_t>(got), kMostOutputBytes - text.size()));
  }
}

}  // namespace hailstorm::lab
