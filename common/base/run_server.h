#pragma once

#include <functional>
#include <string>

#include "common/base/result.h"
#include "common/base/stop_signal.h"

namespace hailstorm {

/// The exit code of a program that could not begin, and may when it is started again: the agent
/// does that. 2 is for what a person must change first.
inline constexpr int kTryAgain = 75;

/// One attempt of a server to start.
///
/// Thread safety: used by one thread.
class ServerStart {
 public:
  ServerStart(StopSignal& stop, std::function<void()> succeeded)
      : stop_(stop), succeeded_(std::move(succeeded)) {}

  [[nodiscard]] StopSignal& stop() { return stop_; }
  /// It serves from now on. Where it had to wait before, one line says that it goes on.
  void succeeded() { succeeded_(); }

 private:
  StopSignal& stop_;
  std::function<void()> succeeded_;
};

/// Starts a server and serves: calls `body`, which gives the exit code. Where that fails by a
/// shortage (shortage.h), one line says what is waited for, and `body` is called again with pauses
/// of up to a second, until it can start. What another process holds is waited for 10 s; then the
/// exit code is kTryAgain. Any other error is one line and exit code 2. SIGTERM and SIGINT end the
/// wait with exit code 0.
///
/// Before each attempt it looks whether the descriptors and threads that every server needs can be
/// had: libraries abort where they cannot. Call it before other threads are started.
[[nodiscard]] int run_server(const std::string& program,
                             const std::function<Result<int>(ServerStart&)>& body);

}  // namespace hailstorm
