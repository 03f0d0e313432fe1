#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::http {

/// A socket that takes connections.
///
/// Thread safety: not safe.
class Listener {
 public:
  /// Of the kernel, for each connection and direction (it takes twice of it): else a client that
  /// only sends, or never reads, may have megabytes.
  static constexpr int kSocketBytes = 32 << 10;

  /// `host` is a name or an address; port 0: any free one. Errors address_in_use, cannot_listen,
  /// unknown_host: say what to do.
  [[nodiscard]] static Result<Listener> open(const std::string& host, int port,
                                             int socket_bytes = kSocketBytes);
  ~Listener();
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] int port() const { return port_; }

  /// The next connection that waits, which does not block; -1: none, or `errno` says why.
  [[nodiscard]] int accept();
  /// Without descriptors left: takes the next connection, sends it these bytes and ends it, so that
  /// it does not wait for ever. False: there was none.
  bool turn_away(std::string_view answer);

 private:
  Listener(int fd, int port);

  int fd_;
  int port_;
  int spare_fd_;  // given up for the moment of turn_away()
};

}  // namespace hailstorm::http
