#include "broker/transport/peers/acceptor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace hailstorm::broker {
namespace {

constexpr int kAcceptsAtOnce = 64;
constexpr int64_t kLookForRoomMs = 50;  // it looks at all connections
constexpr int64_t kCrowdedHandshakeMs = 1'000;

}  // namespace

size_t Acceptor::max_connections() const {
  if (descriptors_ == nullptr) return limits_.max_connections;
  // Other transports have peers, too.
  const size_t others = descriptors_->peers() - noted_count_;
  const size_t left = descriptors_->for_peers() - std::min(others, descriptors_->for_peers());
  return std::min(limits_.max_connections, left);
}

void Acceptor::accept_some(int64_t now_ms) {
  is_due_ = false;
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    const int fd = listener_.accept();
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    is_due_ = true;
    if (fd >= 0) {
      take(fd, now_ms);
    } else if (errno != ECONNABORTED && errno != EINTR) {
      metrics_.dropped("descriptors",
                       fmt::format("a connection could not be accepted: {}", std::strerror(errno)));
      static_cast<void>(listener_.turn_away({}));
      return;
    }
  }
}

void Acceptor::take(int fd, int64_t now_ms) {
  if (sessions_.all().size() >= max_connections()) make_room(now_ms);
  if (sessions_.all().size() >= max_connections()) {
    ::close(fd);
    return metrics_.dropped("connections",
                            fmt::format("a connection above the limit of {}; its client connects "
                                        "again until others leave",
                                        max_connections()));
  }
  try {
    const SessionId id = sessions_.add(fd, now_ms).id();
    if (!poller_.watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, id)) sessions_.remove(id);
  } catch (const std::bad_alloc&) {
    return metrics_.dropped("memory", "there is no memory for a connection");
  }
  note_count();
}

void Acceptor::note_count() {
  const size_t before = std::exchange(noted_count_, sessions_.all().size());
  metrics_.connections.add(static_cast<double>(noted_count_) - static_cast<double>(before));
  if (descriptors_ != nullptr) descriptors_->change_peers(before, noted_count_);
}

void Acceptor::make_room(int64_t now_ms) {
  if (now_ms < room_due_ms_) return;
  room_due_ms_ = now_ms + kLookForRoomMs;
  PeerSession* idle = nullptr;
  for (const auto& [id, session] : sessions_.all()) {
    if (session->is_doomed) continue;
    if (session->is_open()) {
      if (idle == nullptr || session->message_ms() < idle->message_ms()) idle = session.get();
    } else if (now_ms - session->opened_ms() >= kCrowdedHandshakeMs) {
      sessions_.doom(*session, "handshake",
                     "it did not finish its handshake while others wanted to connect");
    }
  }
  if (!sessions_.has_doomed() && idle != nullptr && now_ms - idle->message_ms() >= limits_.idle_ms)
    sessions_.doom(*idle, "idle", "it was silent for longest while others wanted to connect");
  if (!sessions_.reap(0)) return;
  half_messages_.feed_starved();
  note_count();
}

}  // namespace hailstorm::broker
