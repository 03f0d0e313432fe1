#pragma once

namespace hailstorm::testing {

/// Ports of 127.0.0.1 that are given to nobody else while this lives, neither in this process nor
/// in another: test programs run at the same time. They lie outside of the range that the system
/// takes for outgoing connections.
///
/// Thread safety: not safe.
class PortRange {
 public:
  PortRange();
  ~PortRange();
  PortRange(const PortRange&) = delete;
  PortRange& operator=(const PortRange&) = delete;

  /// The first of `count` ports in a row that nothing listens on now. A port is given again only
  /// after all others of the range.
  [[nodiscard]] int take(int count = 1);

 private:
  int holder_ = -1;  // the socket that holds the range
  int first_ = 0;
  int next_ = 0;
};

/// A port of this process's range that nothing listens on now.
[[nodiscard]] int free_port();
/// As free_port(), the first of so many in a row.
[[nodiscard]] int free_ports(int count);
/// Nothing listens on it now.
[[nodiscard]] bool is_free_port(int port);

}  // namespace hailstorm::testing
