#include "broker/transport/peers/peer_sockets.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

#include "broker/transport/transport.h"
#include "common/base/check.h"

namespace hailstorm::broker {
namespace {

constexpr size_t kReadBytes = 64 << 10;      // at once, into a buffer that all share
constexpr size_t kLargeReadBytes = 1 << 20;  // at once, into a large message
constexpr int64_t kStarvedWaitMs = 50;
constexpr int64_t kSweepMs = 50;
constexpr int64_t kLookForLifeMs = 500;

}  // namespace

PeerSockets::PeerSockets(const SessionLimits& limits, Poller& poller, const Clock& clock,
                         BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener,
                         SessionTable::Make make)
    : limits_(limits),
      clock_(clock),
      metrics_(metrics),
      listen_key_(poller.add(*this)),
      sessions_(std::move(make), listen_key_ + 1, metrics),
      unread_answers_(limits_, sessions_),
      half_messages_(limits_, sessions_),
      acceptor_(limits_, sessions_, half_messages_, poller, metrics, descriptors,
                std::move(listener)),
      buffer_(kReadBytes) {
  HAIL_CHECK(poller.watch(acceptor_.fd(), EPOLLIN | EPOLLET, listen_key_));
}

void PeerSockets::on_event(uint64_t key, uint32_t events) {
  if (key == listen_key_) return acceptor_.set_due();
  PeerSession* const session = sessions_.find(key);
  if (session == nullptr) return;
  if ((events & EPOLLOUT) != 0) {
    session->unblock();
    if (session->unread_bytes() > 0) sessions_.flush(*session, clock_.steady_ms());
  }
  // Only one of these comes for the end of a connection, before which there may be bytes.
  const bool is_end = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  session->is_hung_up = session->is_hung_up || is_end;
  if (is_end || (events & EPOLLIN) != 0) sessions_.make_ready(*session);
}

/// The next peer to receive from, with what was read of it and not used yet.
PeerSession* PeerSockets::next_session() {
  PeerSession* session = current_ == 0 ? nullptr : sessions_.find(current_);
  if (session != nullptr) return session;
  forget_current();
  session = sessions_.take_ready();
  if (session != nullptr) current_ = session->id();
  return session;
}

void PeerSockets::forget_current() {
  current_ = 0;
  rest_ = {};
}

/// Reads what there is room for. Nothing: nothing came.
std::optional<PeerSession::Step> PeerSockets::read_from(PeerSession& session) {
  if (auto held = session.take_held_rest(); !held.empty()) {
    std::copy(held.begin(), held.end(), buffer_.begin());
    rest_ = Bytes(buffer_).first(held.size());
    sessions_.make_ready(session);  // there may be more in its socket
    return session.take(rest_, clock_.steady_ms());
  }
  const int64_t room = half_messages_.room_for(session);
  if (room <= 0) {
    half_messages_.starve(session);
    return std::nullopt;
  }
  MutableBytes into = session.large_rest();
  const bool is_large = !into.empty();
  if (!is_large) into = buffer_;
  const size_t most = is_large ? kLargeReadBytes : kReadBytes;
  into = into.first(std::min({into.size(), most, static_cast<size_t>(room)}));
  const ssize_t n = ::recv(session.fd(), into.data(), into.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
  if (n < 0 && errno == EINTR) {
    sessions_.make_ready(session);
    return std::nullopt;
  }
  if (n <= 0) {
    if (n == 0) {
      on_end(session);
    } else {
      sessions_.doom(session);
    }
    return std::nullopt;
  }
  const auto count = static_cast<size_t>(n);
  // With less than there was room for, the socket is empty, and says so when it is not any more.
  if (count == into.size() || session.is_hung_up) sessions_.make_ready(session);
  if (is_large) return session.received(count, clock_.steady_ms());
  rest_ = Bytes(buffer_).first(count);
  return session.take(rest_, clock_.steady_ms());
}

bool PeerSockets::receive_step() {
  reap();
  PeerSession* const session = next_session();
  if (session == nullptr) return false;
  try {
    if (!session->wants_input()) {  // until some of its answers were sent
      session->hold(rest_);
      half_messages_.note_received(*session);
      forget_current();
      return true;
    }
    const auto step =
        rest_.empty() ? read_from(*session)
                      : std::optional<PeerSession::Step>(session->take(rest_, clock_.steady_ms()));
    half_messages_.note_received(*session);
    if (step) take_step(*session, *step);
  } catch (const std::bad_alloc&) {
    sessions_.doom(*session, "memory", "there is no memory for its message");
  }
  if (session->unread_bytes() > 0 && !session->is_doomed)
    sessions_.mark_dirty(*session, clock_.steady_ms());
  if (rest_.empty() || session->is_doomed) forget_current();
  return true;
}

void PeerSockets::take_step(PeerSession& session, PeerSession::Step step) {
  if (step == PeerSession::Step::more) return;
  on_step(session, step);
  if (step != PeerSession::Step::message) return;
  session.clear_message();
  half_messages_.note_received(session);
  if (half_messages_.has_starved()) half_messages_.feed_starved();
}

void PeerSockets::flush() { sessions_.flush_dirty(clock_.steady_ms()); }

int64_t PeerSockets::max_wait_ms() const {
  return half_messages_.has_starved() ? kStarvedWaitMs : Transport::kAnyTimeMs;
}

void PeerSockets::tick() {
  const int64_t now_ms = clock_.steady_ms();
  if (acceptor_.is_due()) acceptor_.accept_some(now_ms);
  if (now_ms >= sweep_due_ms_) {
    sweep_due_ms_ = now_ms + kSweepMs;
    half_messages_.close_stalled(now_ms);
    unread_answers_.close_unread(now_ms);
    show_bytes();
    if (now_ms >= life_due_ms_) {
      life_due_ms_ = now_ms + kLookForLifeMs;
      look_at_all();
      for (const auto& [id, session] : sessions_.all()) look_for_life(*session, now_ms);
    }
  }
  reap();
}

/// Adds to what other transports show.
void PeerSockets::show_bytes() {
  const auto show = [](Gauge& gauge, int64_t& shown, int64_t now) {
    gauge.add(static_cast<double>(now - std::exchange(shown, now)));
  };
  show(metrics_.half_received_bytes, shown_held_bytes_, sessions_.held_bytes());
  show(metrics_.unread_bytes, shown_unread_bytes_, sessions_.unread_bytes());
}

void PeerSockets::reap() {
  if (!sessions_.reap(current_)) return;
  half_messages_.feed_starved();
  acceptor_.note_count();
}

}  // namespace hailstorm::broker
