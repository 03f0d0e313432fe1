#include "broker/transport/peers/peer_session.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace hailstorm::broker {
namespace {

constexpr size_t kMaxChunksAtOnce = 64;

}  // namespace

PeerSession::PeerSession(int fd, SessionId id, int64_t now_ms)
    : fd_(fd),
      id_(id),
      opened_ms_(now_ms),
      heard_ms_(now_ms),
      message_ms_(now_ms),
      taken_ms_(now_ms) {}

PeerSession::~PeerSession() { ::close(fd_); }

void PeerSession::push(std::vector<uint8_t> bytes) { push_chunk({std::move(bytes), nullptr, {}}); }

void PeerSession::push(std::shared_ptr<const void> owner, Bytes bytes) {
  push_chunk({{}, std::move(owner), bytes});
}

void PeerSession::push_chunk(Chunk chunk) {
  if (!chunk.own.empty()) chunk.bytes = chunk.own;  // stays where it is when it is moved
  if (chunk.bytes.empty()) return;
  outgoing_bytes_ += static_cast<int64_t>(chunk.bytes.size());
  outgoing_.push_back(std::move(chunk));
}

bool PeerSession::flush(int64_t now_ms) {
  while (!outgoing_.empty() && !is_blocked_) {
    std::array<iovec, kMaxChunksAtOnce> vectors;
    const size_t count = std::min(outgoing_.size(), vectors.size());
    for (size_t i = 0; i < count; ++i) {
      const Bytes rest = outgoing_[i].bytes.subspan(i == 0 ? first_sent_ : 0);
      vectors[i] = {const_cast<uint8_t*>(rest.data()), rest.size()};  // they are only read
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    const ssize_t n = ::sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    is_blocked_ = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (n < 0) return is_blocked_;
    taken_ms_ = now_ms;
    sent(static_cast<size_t>(n));
  }
  return true;
}

void PeerSession::sent(size_t bytes) {
  outgoing_bytes_ -= static_cast<int64_t>(bytes);
  while (bytes > 0) {
    const size_t rest = outgoing_.front().bytes.size() - first_sent_;
    if (bytes < rest) {
      first_sent_ += bytes;
      return;
    }
    bytes -= rest;
    first_sent_ = 0;
    outgoing_.pop_front();
  }
}

void PeerSession::drop_answers() {
  outgoing_.clear();
  first_sent_ = 0;
  outgoing_bytes_ = 0;
}

}  // namespace hailstorm::broker
