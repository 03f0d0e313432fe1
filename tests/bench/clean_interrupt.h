#pragma once

#include <atomic>
#include <thread>
#include <unistd.h>

#include "common/base/stop_signal.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// Ctrl-C and SIGTERM leave no files behind, and no processes: those die with this one. Made first
/// in main.
///
/// Thread safety: nothing but made and destroyed.
class CleanInterrupt {
 public:
  CleanInterrupt() = default;
  ~CleanInterrupt() {
    over_ = true;
    stop_.request();
  }
  CleanInterrupt(const CleanInterrupt&) = delete;
  CleanInterrupt& operator=(const CleanInterrupt&) = delete;

 private:
  static constexpr int kExitCode = 130;

  StopSignal stop_;
  std::atomic<bool> over_ = false;
  std::jthread watcher_{[this] {
    stop_.wait();
    if (over_) return;
    TempFolder::remove_all();
    ::_exit(kExitCode);
  }};
};

}  // namespace hailstorm::testing
