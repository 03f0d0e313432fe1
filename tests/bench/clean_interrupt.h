#pragma once

#include <atomic>
#include <thread>
#include <unistd.h>

#include "common/base/stop_signal.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// Removes this process's temporary folders on Ctrl-C and SIGTERM. Its children die with it. To be
/// made first in main.
///
/// Thread safety: made and destroyed on one thread.
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
