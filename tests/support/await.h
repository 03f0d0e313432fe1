#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace hailstorm::testing {

/// True as soon as `condition` is, false when patience is over. Looks every two milliseconds.
inline bool await(const std::function<bool()>& condition,
                  std::chrono::milliseconds patience = std::chrono::seconds(10)) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace hailstorm::testing
