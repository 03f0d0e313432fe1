#pragma once

#include <string>

namespace hailstorm::lab {

/// What a program writes, for the process that starts it.
///
/// Thread safety: not safe.
class OutputPipe {
 public:
  OutputPipe();
  ~OutputPipe();
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;

  /// -1: there are no more descriptors.
  [[nodiscard]] int write_end() const { return write_end_; }
  /// Until no program has the write end any more, or `timeout_ms` passed. What is beyond 16 MiB is
  /// passed over. Closes this process's own write end.
  [[nodiscard]] std::string read_to_end(int timeout_ms);

 private:
  void close_write_end();

  int read_end_ = -1;
  int write_end_ = -1;
};

}  // namespace hailstorm::lab
