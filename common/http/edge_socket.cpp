#include "common/http/edge_socket.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hailstorm::http {

EdgeSocket::~EdgeSocket() { ::close(fd_); }

void EdgeSocket::on_event(bool is_end) {
  may_have_bytes_ = true;
  may_be_at_end_ = may_be_at_end_ || is_end;
}

std::optional<std::string_view> EdgeSocket::receive(std::span<char> space) {
  if (!may_have_bytes_) return std::nullopt;
  ssize_t got = -1;
  do {
    got = ::recv(fd_, space.data(), space.size(), MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno == EAGAIN) {
    may_have_bytes_ = false;
    return std::nullopt;
  }
  has_failed_ = has_failed_ || got < 0;
  input_ended_ = input_ended_ || got == 0;
  if (got <= 0) return std::string_view();
  const auto size = static_cast<size_t>(got);
  // Less than was asked for: nothing is left, and an event announces the next byte.
  if (size < space.size() && !may_be_at_end_) may_have_bytes_ = false;
  return std::string_view(space.data(), size);
}

std::optional<size_t> EdgeSocket::send(std::string_view bytes) {
  ssize_t sent = -1;
  do {
    sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return static_cast<size_t>(sent);
  return errno == EAGAIN ? std::optional<size_t>(0) : std::nullopt;
}

void EdgeSocket::expect_answers_within(int timeout_ms) {
  const auto value = static_cast<unsigned>(timeout_ms);
  ::setsockopt(fd_, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

void EdgeSocket::end_output() { ::shutdown(fd_, SHUT_WR); }

}  // namespace hailstorm::http
