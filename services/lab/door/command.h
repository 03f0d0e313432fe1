#pragma once

#include <cstdint>
#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"

namespace hailstorm::lab {

/// `hail-lab door`: a port that leads to a server of another network. In containers it is the way
/// from this machine to what listens on the network bus alone.
///
/// Thread safety: not safe.
class DoorCommand {
 public:
  /// `clock` must remain live while this is in use.
  explicit DoorCommand(const Clock& clock) : clock_(clock) {}
  /// This must remain live until Options::run_command().
  void add_to(Options& options);

 private:
  /// Carries bytes until SIGTERM or SIGINT; the exit code for main.
  [[nodiscard]] int run() const;

  const Clock& clock_;
  std::string host_ = "127.0.0.1";
  int64_t port_ = 9092;
  std::string to_;
};

}  // namespace hailstorm::lab
