#pragma once

#include <cstdint>
#include <memory>

namespace hailstorm::testing {

/// A TCP relay between clients and a server of 127.0.0.1 whose connections a test can cut, in the
/// middle of whatever is under way.
///
/// Thread safety: safe.
class CutProxy {
 public:
  explicit CutProxy(int server_port);
  ~CutProxy();
  CutProxy(const CutProxy&) = delete;
  CutProxy& operator=(const CutProxy&) = delete;

  [[nodiscard]] int port() const;
  /// Ends every connection at once, with bytes of both directions on the way (RST).
  void cut();
  /// For `duration_ms` nothing is carried, no connection is ended, none is taken.
  void stall(int64_t duration_ms);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::testing
