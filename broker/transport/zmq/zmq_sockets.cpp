#include "broker/transport/zmq/zmq_sockets.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <limits>
#include <new>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

#include "broker/transport/transport.h"
#include "common/base/check.h"
#include "common/base/enum_name.h"
#include "common/base/logging.h"
#include "common/base/shortage.h"
#include "common/http/http.h"

namespace hailstorm::broker {
namespace {

constexpr size_t kReadBytes = 64 << 10;      // at once, into a buffer that all share
constexpr size_t kLargeReadBytes = 1 << 20;  // at once, into a large frame
// Of the kernel's, for each connection and direction (it takes twice of it).
constexpr int kPeerSocketBytes = 128 << 10;
constexpr int64_t kStarvedWaitMs = 50;
constexpr int64_t kSweepMs = 50;
constexpr int64_t kLookForLifeMs = 500;

Error bind_error(const ZmqOptions& options, const Error& error) {
  if (error.is(http::HttpErrc::address_in_use)) {
    return Error(ListenErrc::port_in_use,
                 fmt::format("port {} on {} is in use by another process; stop that process or "
                             "choose another port with --port",
                             options.port, options.host))
        .caused_by(error.cause());
  }
  if (!error.is(http::HttpErrc::cannot_listen)) return error;
  const std::string_view advice =
      shortage_of(error.cause()) ? "" : "; give an address of this machine with --host";
  return Error(ListenErrc::cannot_bind, fmt::format("{}{}", error.message(), advice))
      .caused_by(error.cause());
}

}  // namespace

std::string_view name_of(ListenErrc code) { return enum_name(code); }

Result<std::unique_ptr<ZmqSockets>> ZmqSockets::bind(const ZmqOptions& options, Poller& poller,
                                                     const Clock& clock, BrokerMetrics& metrics,
                                                     Descriptors* descriptors) {
  auto listener = http::Listener::open(options.host, options.port, kPeerSocketBytes);
  if (!listener.ok()) return bind_error(options, listener.error());
  return std::unique_ptr<ZmqSockets>(new ZmqSockets(options.limits, poller, clock, metrics,
                                                    descriptors, std::move(listener).value()));
}

ZmqSockets::ZmqSockets(const SessionLimits& limits, Poller& poller, const Clock& clock,
                       BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener)
    : limits_(limits),
      clock_(clock),
      metrics_(metrics),
      listen_key_(poller.add(*this)),
      sessions_(limits_.message, listen_key_ + 1, metrics),
      half_messages_(limits_, sessions_),
      unread_answers_(limits_, sessions_),
      acceptor_(limits_, sessions_, half_messages_, poller, metrics, descriptors,
                std::move(listener)),
      buffer_(kReadBytes) {
  HAIL_CHECK(poller.watch(acceptor_.fd(), EPOLLIN | EPOLLET, listen_key_));
}

void ZmqSockets::on_event(uint64_t key, uint32_t events) {
  if (key == listen_key_) return acceptor_.set_due();
  ZmqSession* const session = sessions_.find(key);
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
ZmqSession* ZmqSockets::next_session() {
  ZmqSession* session = current_ == 0 ? nullptr : sessions_.find(current_);
  if (session != nullptr) return session;
  forget_current();
  session = sessions_.take_ready();
  if (session != nullptr) current_ = session->id();
  return session;
}

void ZmqSockets::forget_current() {
  current_ = 0;
  rest_ = {};
}

/// Reads what there is room for. Nothing: nothing came.
std::optional<ZmqSession::Step> ZmqSockets::read_from(ZmqSession& session) {
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
    sessions_.doom(session);
    return std::nullopt;
  }
  const auto count = static_cast<size_t>(n);
  // With less than there was room for, the socket is empty, and says so when it is not any more.
  if (count == into.size() || session.is_hung_up) sessions_.make_ready(session);
  if (is_large) return session.received(count, clock_.steady_ms());
  rest_ = Bytes(buffer_).first(count);
  return session.take(rest_, clock_.steady_ms());
}

bool ZmqSockets::receive(const OnMessage& on_message) {
  reap();
  ZmqSession* const session = next_session();
  if (session == nullptr) return false;
  try {
    const auto outcome =
        rest_.empty() ? read_from(*session)
                      : std::optional<ZmqSession::Step>(session->take(rest_, clock_.steady_ms()));
    half_messages_.note_received(*session);
    if (outcome) take_step(*session, *outcome, on_message);
  } catch (const std::bad_alloc&) {
    sessions_.doom(*session, "memory", "there is no memory for its message");
  }
  if (session->unread_bytes() > 0 && !session->is_doomed)
    sessions_.mark_dirty(*session, clock_.steady_ms());
  if (rest_.empty() || session->is_doomed) forget_current();
  return true;
}

void ZmqSockets::take_step(ZmqSession& session, ZmqSession::Step outcome,
                           const OnMessage& on_message) {
  if (outcome == ZmqSession::Step::fault) return refuse(session);
  if (outcome == ZmqSession::Step::dropped) {
    metrics_.dropped("frame_count",
                     fmt::format("a message of more than {} frames", limits_.message.max_frames));
  }
  if (outcome != ZmqSession::Step::message) return;
  on_message(session.id(), session.frames());
  session.clear_message();
  half_messages_.note_received(session);
  if (half_messages_.has_starved()) half_messages_.feed_starved();
}

/// What it sent is at fault.
void ZmqSockets::refuse(ZmqSession& session) {
  if (session.is_open()) return sessions_.doom(session, "protocol", session.fault());
  ++(session.has_other_protocol() ? other_protocols_ : bad_handshakes_);
  sessions_.doom(session);
}

void ZmqSockets::send(SessionId id, ZmqMessage message) {
  ZmqSession* const session = sessions_.find(id);
  if (session == nullptr) return metrics_.dropped("unreachable");  // it left; nothing is wrong
  auto bytes = static_cast<int64_t>(message.head.size());
  for (const auto& data : message.data) bytes += static_cast<int64_t>(data.bytes.size());
  if (unread_answers_.credit_of(*session) > 0) unread_answers_.make_room(bytes);
  if (session->is_doomed) return;
  if (unread_answers_.credit_of(*session) <= 0) {
    metrics_.dropped("no_credit");
    if (!std::exchange(session->was_warned_of, true)) {
      log_warn("a peer does not read its answers; they are dropped until it does",
               {{"unread_bytes", session->unread_bytes()}});
    }
    return;
  }
  session->push(std::move(message));
  sessions_.mark_dirty(*session, clock_.steady_ms());
}

int64_t ZmqSockets::credit_bytes(SessionId id) const {
  const ZmqSession* const session = sessions_.find(id);
  return session == nullptr ? std::numeric_limits<int64_t>::max()
                            : unread_answers_.credit_of(*session);
}

void ZmqSockets::flush() { sessions_.flush_dirty(clock_.steady_ms()); }

int64_t ZmqSockets::max_wait_ms() const {
  return half_messages_.has_starved() ? kStarvedWaitMs : Transport::kAnyTimeMs;
}

void ZmqSockets::tick() {
  const int64_t now_ms = clock_.steady_ms();
  if (acceptor_.is_due()) acceptor_.accept_some(now_ms);
  if (now_ms >= sweep_due_ms_) {
    sweep_due_ms_ = now_ms + kSweepMs;
    half_messages_.close_stalled(now_ms);
    unread_answers_.close_unread(now_ms);
    metrics_.half_received_bytes.set(static_cast<double>(sessions_.held_bytes()));
    metrics_.unread_bytes.set(static_cast<double>(sessions_.unread_bytes()));
    if (now_ms >= silence_due_ms_) {
      silence_due_ms_ = now_ms + kLookForLifeMs;
      count_refused();
      for (const auto& [id, session] : sessions_.all()) look_for_life(*session, now_ms);
    }
  }
  reap();
}

void ZmqSockets::reap() {
  if (!sessions_.reap(current_)) return;
  half_messages_.feed_starved();
  acceptor_.note_count();
}

void ZmqSockets::count_refused() {
  metrics_.refused_peers("other_protocol", std::exchange(other_protocols_, 0),
                         "what they sent is not ZMTP 3: an HTTP client, a web page in a browser, "
                         "or a program with ZeroMQ before 4.0; clients of the log speak ZMTP 3");
  metrics_.refused_peers("bad_handshake", std::exchange(bad_handshakes_, 0),
                         "they began as ZMTP 3 and went on with something else, or want a "
                         "security mechanism; the broker has none");
}

void ZmqSockets::look_for_life(ZmqSession& session, int64_t now_ms) {
  if (!session.is_open()) {
    if (now_ms - session.opened_ms() >= limits_.handshake_ms)
      sessions_.doom(session, "handshake", "it did not finish its handshake in time");
    return;
  }
  const int64_t silent_ms = now_ms - session.heard_ms();
  // What waits in its socket, because there is no room here, is a sign of life.
  if (silent_ms >= limits_.silence_ms && !session.is_starved && !session.is_ready)
    return sessions_.doom(session, "silent", "it gave no sign of life");
  if (silent_ms < limits_.ping_ms || now_ms - session.pinged_ms < limits_.ping_ms) return;
  session.pinged_ms = now_ms;
  if (session.unread_bytes() == 0) session.push_ping();
  session.unblock();  // a kernel without memory may have forgotten to say so
  sessions_.mark_dirty(session, now_ms);
}

}  // namespace hailstorm::broker
