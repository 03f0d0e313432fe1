#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "common/base/check.h"

namespace hailstorm::testing {

/// A plain TCP connection to a broker's port, for peers that say ZMTP's bytes by hand, or others.
///
/// Thread safety: not safe.
class ZmtpPeer {
 public:
  explicit ZmtpPeer(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    HAIL_CHECK(fd_ >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    is_connected_ =
        ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~ZmtpPeer() {
    if (fd_ >= 0) ::close(fd_);
  }
  ZmtpPeer(ZmtpPeer&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), is_connected_(other.is_connected_) {}
  ZmtpPeer& operator=(ZmtpPeer&&) = delete;

  /// The greeting of ZMTP 3 and the handshake of a DEALER.
  [[nodiscard]] static std::string greeting() {
    std::string bytes("\xff\0\0\0\0\0\0\0\x01\x7f\x03\x00NULL", 16);
    bytes.resize(64, '\0');
    return bytes + std::string(
                       "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"
                       "DEALER",
                       30);
  }
  /// The head of a frame, which announces so many bytes.
  [[nodiscard]] static std::string frame_head(uint64_t bytes, bool more = false) {
    std::string head(1, more ? '\x03' : '\x02');
    for (int shift = 56; shift >= 0; shift -= 8) head += static_cast<char>(bytes >> shift);
    return head;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  /// Sends what the other side takes without waiting; gives how much that was.
  size_t send(const std::string& bytes) {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n =
          ::send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    return done;
  }
  /// The other side has ended the connection; what it sent before is dropped.
  [[nodiscard]] bool is_ended() {
    char heard[4096];
    while (true) {
      const ssize_t n = ::recv(fd_, heard, sizeof heard, MSG_DONTWAIT);
      if (n > 0) continue;
      return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }
  }

 private:
  int fd_;
  bool is_connected_ = false;
};

}  // namespace hailstorm::testing
