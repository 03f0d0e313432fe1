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
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] bool requested() const noexcept;
  /// The signal that came, SIGTERM or SIGINT; SIGINT too where request() was called.
  [[nodiscard]] int signal() const noexcept;
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
