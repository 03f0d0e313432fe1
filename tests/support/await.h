#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace hailstorm::testing {

/// Long enough for whatever a test waits for, also on a machine that is busy with other things.
constexpr auto kPatience = std::chrono::seconds(30);

/// True as soon as `condition` is, false when patience is over. Looks every two milliseconds.
inline bool await(const std::function<bool()>& condition,
                  std::chrono::milliseconds patience = kPatience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace hailstorm::testing
