#pragma once

#include <cerrno>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace hailstorm::testing {

inline size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

/// A client that sends the bytes it is given, and nothing else.
///
/// Thread safety: not safe.
class RawClient {
 public:
  explicit RawClient(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~RawClient() {
    if (fd_ >= 0) ::close(fd_);
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        is_connected_(other.is_connected_),
        answer_(std::move(other.answer_)) {}
  RawClient& operator=(RawClient&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(is_connected_, other.is_connected_);
    std::swap(answer_, other.answer_);
    return *this;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  RawClient& send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return *this;
  }
  /// As much of it as there is room for now. False: the connection has ended.
  bool try_send(std::string_view bytes) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent >= 0 || errno == EAGAIN;
  }
  RawClient& end_sending() {
    ::shutdown(fd_, SHUT_WR);
    return *this;
  }
  /// All that came until so many answers did, each of which ends with `end`, or until the server
  /// closed the connection.
  std::string read_answers(size_t count, std::string_view end) {
    while ((count_of(answer_, "HTTP/1.1 ") < count || !answer_.ends_with(end)) && receive()) {
    }
    return answer_;
  }
  /// All that came until `part` is in it, or until the server closed the connection.
  std::string read_until(std::string_view part) {
    while (answer_.find(part) == std::string::npos && receive()) {
    }
    return answer_;
  }
  std::string read_to_end() {
    while (receive()) {
    }
    return answer_;
  }

  /// The next so many bytes; fewer: the server closed the connection.
  std::string take(size_t bytes) {
    while (answer_.size() < bytes && receive()) {
    }
    std::string front = answer_.substr(0, bytes);
    answer_.erase(0, front.size());
    return front;
  }

  /// What came so far is none of the next answer.
  void forget() { answer_.clear(); }

  /// Takes what is there without waiting. False: the connection has ended.
  bool drain() {
    char piece[4096];
    ssize_t got = 0;
    do got = ::recv(fd_, piece, sizeof piece, MSG_DONTWAIT);
    while (got > 0);
    return got < 0 && errno == EAGAIN;
  }

 private:
  bool receive() {
    char piece[4096];
    const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
    if (got > 0) answer_.append(piece, static_cast<size_t>(got));
    return got > 0;
  }

  int fd_;
  bool is_connected_ = false;
  std::string answer_;
};

/// All that comes back for these bytes until the server closes the connection.
inline std::string answer_to(int port, std::string_view bytes) {
  return RawClient(port).send(bytes).read_to_end();
}

}  // namespace hailstorm::testing
