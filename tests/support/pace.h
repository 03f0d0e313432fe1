#pragma once

#include <chrono>
#include <thread>

namespace hailstorm::testing {

/// The pace of a load, or the length of an outage that is itself what is tested. To wait for a
/// result, use await() (await.h).
inline void pace(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

}  // namespace hailstorm::testing
