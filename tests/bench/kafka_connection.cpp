#include "tests/bench/kafka_connection.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hailstorm::testing {
namespace {

constexpr size_t kFirstBufferBytes = size_t{1} << 20;
constexpr size_t kMaxFrameBytes = size_t{100} << 20;

bool must_wait() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

KafkaConnection::KafkaConnection(int port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), in_(kFirstBufferBytes) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  HAIL_CHECK(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const int on = 1;
  HAIL_CHECK(::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
  HAIL_CHECK(::fcntl(socket_, F_SETFL, O_NONBLOCK) == 0);
}

KafkaConnection::~KafkaConnection() { ::close(socket_); }

void KafkaConnection::append(const kafka::EncodedMessage& message) {
  size_t position = 0;
  for (const auto& records : message.records) {
    out_.append(message.text, position, records.position - position);
    out_.append(as_text(records.bytes));
    position = records.position;
  }
  out_.append(message.text, position);
}

void KafkaConnection::flush() {
  for (size_t sent = 0; sent < out_.size();) {
    const ssize_t count = ::send(socket_, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
    if (count > 0) {
      sent += static_cast<size_t>(count);
      continue;
    }
    HAIL_CHECK(must_wait());
    pollfd ready{socket_, POLLIN | POLLOUT, 0};
    HAIL_CHECK(::poll(&ready, 1, kTimeoutMs) > 0);
    if ((ready.revents & POLLIN) != 0) fill(0);
  }
  out_.clear();
}

bool KafkaConnection::fill(int timeout_ms) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == in_.size() && begin_ > 0) {
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  } else if (end_ == in_.size()) {
    in_.resize(2 * in_.size());
  }
  while (true) {
    const ssize_t count = ::recv(socket_, in_.data() + end_, in_.size() - end_, 0);
    if (count > 0) {
      end_ += static_cast<size_t>(count);
      return true;
    }
    HAIL_CHECK(count < 0 && must_wait());  // else the broker has closed the connection
    if (timeout_ms == 0) return false;
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, std::exchange(timeout_ms, 0)) <= 0) return false;
  }
}

std::optional<Bytes> KafkaConnection::next_frame(int timeout_ms) {
  fill(0);
  while (true) {
    const auto waiting = Bytes(in_).subspan(begin_, end_ - begin_);
    const auto size = kafka::frame_bytes(waiting, kMaxFrameBytes);
    HAIL_CHECK(size.ok());
    if (size->has_value() && waiting.size() >= kafka::kFrameSizeBytes + **size) {
      begin_ += kafka::kFrameSizeBytes + **size;
      return waiting.subspan(kafka::kFrameSizeBytes, **size);
    }
    if (!fill(timeout_ms)) return std::nullopt;
  }
}

}  // namespace hailstorm::testing
