#include "tests/system/floods/machine_load.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <string>

namespace hailstorm::testing {
namespace {

constexpr double kTaken = 0.97;

struct Ticks {
  double all = 0;
  double idle = 0;
};

/// "cpu  user nice system idle iowait irq softirq steal …", since the start of the machine.
Ticks ticks_now() {
  std::ifstream stat("/proc/stat");
  std::string word;
  stat >> word;
  Ticks ticks;
  for (int i = 0; i < 8; ++i) {
    double value = 0;
    stat >> value;
    ticks.all += value;
    if (i == 3 || i == 4) ticks.idle += value;
  }
  return ticks;
}

}  // namespace

MachineLoad::MachineLoad() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

void MachineLoad::run(const std::stop_token& stop) {
  using Clock = std::chrono::system_clock;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  Ticks before = ticks_now();
  while (!stop.stop_requested()) {
    const auto second = std::chrono::floor<std::chrono::seconds>(Clock::now());
    changed.wait_until(lock, stop, second + std::chrono::seconds(1), [] { return false; });
    const Ticks now = ticks_now();
    const double all = now.all - before.all;
    const std::lock_guard shared(mutex_);
    if (all > 0) busy_[second.time_since_epoch().count()] = 1 - (now.idle - before.idle) / all;
    before = now;
  }
}

bool MachineLoad::was_taken(int64_t second) const {
  const std::lock_guard lock(mutex_);
  const auto found = busy_.find(second);
  return found != busy_.end() && found->second >= kTaken;
}

int64_t MachineLoad::taken_seconds(int64_t first, int64_t last) const {
  int64_t count = 0;
  for (int64_t second = first; second <= last; ++second) count += was_taken(second) ? 1 : 0;
  return count;
}

}  // namespace hailstorm::testing
