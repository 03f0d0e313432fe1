#pragma once

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace hailstorm::testing {

/// Connections to an HTTP server that are silent, slow (a byte now and then), polite (a request now
/// and then) or half-closed, a quarter each. One that the server ends is made again.
///
/// Thread safety: made and ended by one thread.
class Flood {
 public:
  /// Returns when all are connected.
  Flood(int port, size_t connections);
  ~Flood();
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

 private:
  struct One;
  void run(const std::stop_token& stop);

  const int port_;
  std::vector<std::unique_ptr<One>> all_;
  std::jthread thread_;
};

}  // namespace hailstorm::testing
