#include "common/base/clock.h"

#include <chrono>

namespace hailstorm {
namespace {

template <class Unit, class Moment>
int64_t since_epoch(Moment moment) {
  return std::chrono::duration_cast<Unit>(moment.time_since_epoch()).count();
}

}  // namespace

int64_t SystemClock::wall_ms() const {
  return since_epoch<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

int64_t SystemClock::steady_ms() const {
  return since_epoch<std::chrono::milliseconds>(std::chrono::steady_clock::now());
}

int64_t SystemClock::steady_us() const { return hailstorm::steady_us(); }

int64_t steady_us() noexcept {
  return since_epoch<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

}  // namespace hailstorm
