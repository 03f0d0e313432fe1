#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hailstorm::testing {

/// One client that behaves badly.
class BadPeer {
 public:
  virtual ~BadPeer() = default;
  /// Connects where it is not connected, and does the next thing that it should not. Returns soon.
  virtual void poke() = 0;
};

/// Many clients that behave badly in the same way.
struct FloodKind {
  std::string name;
  size_t peers = 0;
  std::chrono::milliseconds every{0};  // each of them is poked
  std::function<std::unique_ptr<BadPeer>(int port)> make_peer;
};

/// Such clients at work, against a port of 127.0.0.1.
///
/// Thread safety: used by one thread.
class Flood {
 public:
  explicit Flood(FloodKind kind) : kind_(std::move(kind)) {}
  ~Flood() { stop(); }

  [[nodiscard]] const std::string& name() const { return kind_.name; }
  /// Each of the clients was poked once when this returns. Raises the limit of descriptors.
  void start(int port);
  /// All of them are gone when this returns.
  void stop();

 private:
  void run(const std::stop_token& stop);

  FloodKind kind_;
  std::vector<std::unique_ptr<BadPeer>> peers_;
  std::jthread thread_;
};

}  // namespace hailstorm::testing
