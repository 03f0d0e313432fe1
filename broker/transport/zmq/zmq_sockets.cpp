#include "broker/transport/zmq/zmq_sockets.h"

#include <fmt/format.h>
#include <limits>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::broker {

Result<std::unique_ptr<ZmqSockets>> ZmqSockets::bind(const ZmqOptions& options, Poller& poller,
                                                     const Clock& clock, BrokerMetrics& metrics,
                                                     Descriptors* descriptors) {
  HAIL_ASSIGN_OR_RETURN(auto listener, listen_for_peers(options.host, options.port, "--port"));
  return std::unique_ptr<ZmqSockets>(
      new ZmqSockets(options.limits, poller, clock, metrics, descriptors, std::move(listener)));
}

ZmqSockets::ZmqSockets(const SessionLimits& limits, Poller& poller, const Clock& clock,
                       BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener)
    : PeerSockets(limits, poller, clock, metrics, descriptors, std::move(listener),
                  [this](int fd, SessionId id, int64_t now_ms) {
                    return std::make_unique<ZmqSession>(fd, id, limits_.message, now_ms);
                  }) {}

bool ZmqSockets::receive(const OnMessage& on_message) {
  on_message_ = &on_message;
  return receive_step();
}

void ZmqSockets::on_step(PeerSession& peer, PeerSession::Step step) {
  auto& session = static_cast<ZmqSession&>(peer);
  if (step == PeerSession::Step::fault) return refuse(session);
  if (step == PeerSession::Step::dropped) {
    metrics_.dropped("frame_count",
                     fmt::format("a message of more than {} frames", limits_.message.max_frames));
  }
  if (step == PeerSession::Step::message) (*on_message_)(session.id(), session.frames());
}

/// What it sent is at fault.
void ZmqSockets::refuse(ZmqSession& session) {
  if (session.is_open()) return sessions_.doom(session, "protocol", session.fault());
  ++(session.has_other_protocol() ? other_protocols_ : bad_handshakes_);
  sessions_.doom(session);
}

void ZmqSockets::send(SessionId id, ZmqMessage message) {
  ZmqSession* const session = find(id);
  if (session == nullptr) return metrics_.dropped("unreachable");  // it left; nothing is wrong
  auto bytes = static_cast<int64_t>(message.head.size());
  for (const auto& data : message.data) bytes += static_cast<int64_t>(data.bytes.size());
  if (unread_answers_.credit_of(*session) > 0) unread_answers_.make_room(bytes);
  if (session->is_doomed) return;
  if (session->unread_bytes() == 0) session->was_warned_of = false;
  if (unread_answers_.credit_of(*session) <= 0) {
    metrics_.dropped("no_credit");
    if (!std::exchange(session->was_warned_of, true)) {
      log_warn("a peer does not read its answers; they are dropped until it does",
               {{"unread_bytes", session->unread_bytes()}});
    }
    return;
  }
  session->push_message(std::move(message));
  sessions_.mark_dirty(*session, clock_.steady_ms());
}

int64_t ZmqSockets::credit_bytes(SessionId id) const {
  const ZmqSession* const session = find(id);
  return session == nullptr ? std::numeric_limits<int64_t>::max()
                            : unread_answers_.credit_of(*session);
}

void ZmqSockets::look_at_all() {
  metrics_.refused_peers("other_protocol", std::exchange(other_protocols_, 0),
                         "what they sent is not ZMTP 3: an HTTP client, a web page in a browser, "
                         "or a program with ZeroMQ before 4.0; clients of the log speak ZMTP 3");
  metrics_.refused_peers("bad_handshake", std::exchange(bad_handshakes_, 0),
                         "they began as ZMTP 3 and went on with something else, or want a "
                         "security mechanism; the broker has none");
}

void ZmqSockets::look_for_life(PeerSession& peer, int64_t now_ms) {
  auto& session = static_cast<ZmqSession&>(peer);
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
