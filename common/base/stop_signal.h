#pragma once

#include <memory>

namespace hailstorm {

/// Turns SIGTERM and SIGINT into something that threads can wait for. Made first in main, before
/// any other thread, because it blocks both signals in the calling thread and thereby in all that
/// it starts. SIGPIPE is ignored from then on.
///
/// Thread safety: all functions may be called from any thread.
class StopSignal {
 public:
  /// Throws std::system_error where the system gives no descriptor or thread.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] bool requested() const noexcept;
  /// The signal that came, SIGTERM or SIGINT; SIGINT too where request() was called.
  [[nodiscard]] int signal() const noexcept;
  /// Of a program that the signal ended before its work was done: 128 and the signal's number, as
  /// a shell gives it.
  [[nodiscard]] int exit_code() const noexcept { return 128 + signal(); }
  /// As if SIGINT had come.
  void request() noexcept;
  /// Until a stop is requested.
  void wait() const;
  /// Until a stop is requested or `timeout_ms` passed; true in the first case.
  [[nodiscard]] bool wait_for(int timeout_ms) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm
