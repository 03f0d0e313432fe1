#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>

#include "tests/support/pace.h"

namespace hailstorm::cli {

/// A terminal that a program may write to, and what it wrote.
///
/// Thread safety: not safe.
class Terminal {
 public:
  Terminal() : fd_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    EXPECT_GE(fd_, 0);
    EXPECT_EQ(::grantpt(fd_), 0);
    EXPECT_EQ(::unlockpt(fd_), 0);
    name_ = ::ptsname(fd_);
  }
  ~Terminal() { ::close(fd_); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  /// With a carriage return before each line end, as terminals have it.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// Fails the test when `words` do not come in time.
  void read_until(std::string_view words) {
    while (text_.find(words) == std::string::npos) {
      pollfd readable{fd_, POLLIN, 0};
      char buffer[4096];
      const ssize_t count =
          ::poll(&readable, 1, 30'000) == 1 ? ::read(fd_, buffer, sizeof buffer) : 0;
      if (count == 0) FAIL() << "no '" << words << "' in:\n" << text_;
      if (count > 0) text_.append(buffer, static_cast<size_t>(count));
      if (count < 0) testing::pace(std::chrono::milliseconds(5));  // nobody has it open yet
    }
  }

 private:
  int fd_;
  std::string name_;
  std::string text_;
};

}  // namespace hailstorm::cli
