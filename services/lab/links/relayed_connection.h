#pragma once

#include <cstddef>
#include <optional>
#include <poll.h>
#include <utility>
#include <vector>

namespace hailstorm::lab {

/// A descriptor that is closed with this object. Thread safety: not safe.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket();
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

/// One direction of a relayed connection: bytes that were received and not sent on yet.
///
/// Thread safety: not safe.
class Flow {
 public:
  /// False: the connection is over.
  [[nodiscard]] bool receive(int from);
  [[nodiscard]] bool send(int to);
  [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
  [[nodiscard]] bool is_full() const;

 private:
  std::vector<char> bytes_;
};

/// A client's connection and the one to the server that carries on its bytes. When it is destroyed,
/// both ends get a reset (RST), and bytes under way are lost.
///
/// Thread safety: not safe.
class RelayedConnection {
 public:
  /// The next connection that `listener` has, with one of its own to 127.0.0.1:`server_port`.
  /// Nothing: there is none, or the server takes none.
  [[nodiscard]] static std::optional<RelayedConnection> accept(int listener, int server_port);

  /// What to poll for: first the client's descriptor, then the server's.
  void add_to(std::vector<pollfd>& polled) const;
  /// Carries what it can, both ways. False: the connection is over.
  [[nodiscard]] bool carry(short client_events, short server_events);

 private:
  RelayedConnection(Socket client, Socket server)
      : client_(std::move(client)), server_(std::move(server)) {}

  Socket client_;
  Socket server_;
  Flow to_server_;
  Flow to_client_;
};

}  // namespace hailstorm::lab
