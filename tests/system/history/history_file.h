#pragma once

#include <fcntl.h>
#include <mutex>
#include <string>
#include <unistd.h>

#include "common/base/check.h"
#include "tests/system/log_checker/history.h"

namespace hailstorm::history {

/// A process's history, line by line: what note() returned from outlives the process.
///
/// Thread safety: safe.
class HistoryFile {
 public:
  explicit HistoryFile(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
    HAIL_CHECK(fd_ >= 0);
  }
  ~HistoryFile() { ::close(fd_); }
  HistoryFile(const HistoryFile&) = delete;
  HistoryFile& operator=(const HistoryFile&) = delete;

  void note(const Event& event) { write(to_line(event)); }
  /// Whole lines.
  void write(const std::string& lines) {
    const std::lock_guard lock(mutex_);
    HAIL_CHECK(::write(fd_, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
  }

 private:
  std::mutex mutex_;
  int fd_;
};

}  // namespace hailstorm::history
