#pragma once

#include <utility>

#include "common/base/address.h"
#include "common/base/result.h"
#include "services/lab/links/errors.h"

namespace hailstorm::lab {

/// A socket, which is closed with this object.
///
/// Thread safety: not safe.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() { close(); }

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  /// The peer gets what was sent, then the end.
  void close();
  /// The peer gets a reset (RST); what was sent and is not there yet is lost.
  void reset();
  /// Small messages go at once.
  void set_no_delay() const;
  /// The port that it is bound to.
  [[nodiscard]] int port() const;

 private:
  int fd_ = -1;
};

/// Listens there, and does not block; port 0: any free one. The host is a name or an address of
/// this machine. Errors cannot_listen, unknown_host.
[[nodiscard]] Result<Socket> listen_on(const Address& address);
/// The same on a free port of 127.0.0.1.
[[nodiscard]] Result<Socket> listen_on_loopback();

/// Two ends of a TCP connection over 127.0.0.1.
struct ConnectedPair {
  Socket near;
  Socket far;
};
/// Error cannot_listen.
[[nodiscard]] Result<ConnectedPair> connected_pair();

}  // namespace hailstorm::lab
