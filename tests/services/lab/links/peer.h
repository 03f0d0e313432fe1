#pragma once

#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>

#include "services/lab/links/socket.h"

namespace hailstorm::lab::testing {

using Span = std::chrono::steady_clock::duration;
inline int64_t ms_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start)
      .count();
}

/// One end of a connection, as a test uses it.
///
/// Thread safety: one thread may send while another receives.
class Peer {
 public:
  explicit Peer(Socket socket) : socket_(std::move(socket)) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  [[nodiscard]] static Peer connect_to(int port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      socket.close();
    }
    return Peer(std::move(socket));
  }

  [[nodiscard]] bool is_connected() const { return socket_.is_open(); }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  /// How much of it there is room for now.
  size_t send_some(std::string_view bytes) {
    const ssize_t sent =
        ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<size_t>(sent);
  }
  /// So many bytes, or fewer where the connection ended before.
  std::string receive(size_t count) {
    std::string got(count, '\0');
    size_t size = 0;
    while (size < count) {
      const ssize_t more = ::recv(socket_.fd(), got.data() + size, count - size, 0);
      if (more <= 0) break;
      size += static_cast<size_t>(more);
    }
    got.resize(size);
    return got;
  }
  /// What comes next, at most `most` bytes; empty at the end of the input.
  std::string receive_some(size_t most = 1 << 16) {
    std::string got(most, '\0');
    const ssize_t size = ::recv(socket_.fd(), got.data(), most, 0);
    got.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return got;
  }
  /// How many bytes come until the end of the input; no memory is allocated meanwhile.
  size_t count_to_end(std::span<char> space) {
    size_t count = 0;
    for (;;) {
      const ssize_t size = ::recv(socket_.fd(), space.data(), space.size(), 0);
      if (size <= 0) return count;
      count += static_cast<size_t>(size);
    }
  }
  /// Nothing comes within that time, neither bytes nor an end.
  bool is_silent_for(std::chrono::milliseconds time) {
    pollfd one{socket_.fd(), POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(time.count())) == 0;
  }
  /// The input ends in order, after no more bytes.
  bool sees_end() {
    char byte = 0;
    return ::recv(socket_.fd(), &byte, 1, 0) == 0;
  }
  /// The connection ends with a reset.
  bool sees_reset() {
    char bytes[4096];
    ssize_t size = 0;
    do size = ::recv(socket_.fd(), bytes, sizeof bytes, 0);
    while (size > 0);
    return size < 0 && (errno == ECONNRESET || errno == EPIPE);
  }
  void end_sending() { ::shutdown(socket_.fd(), SHUT_WR); }
  void close() { socket_.close(); }
  void reset() { socket_.reset(); }
  [[nodiscard]] int fd() const { return socket_.fd(); }

 private:
  Socket socket_;
};

/// A port on which a test takes connections.
///
/// Thread safety: not safe.
class Listener {
 public:
  Listener() : socket_(listen_on_loopback().value()), port_(socket_.port()) {}
  /// On a port that another had.
  explicit Listener(int port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(port) {
    const int one = 1;
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_.fd(), reinterpret_cast<const sockaddr*>(&at), sizeof at);
    ::listen(socket_.fd(), 128);
  }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] Peer accept() {
    pollfd one{socket_.fd(), POLLIN, 0};
    ::poll(&one, 1, 20'000);
    return Peer(Socket(::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC)));
  }
  /// A connection comes within that time.
  [[nodiscard]] bool has_one_within(std::chrono::milliseconds time) {
    pollfd one{socket_.fd(), POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(time.count())) == 1;
  }
  void close() { socket_.close(); }

 private:
  Socket socket_;
  int port_;
};

}  // namespace hailstorm::lab::testing
