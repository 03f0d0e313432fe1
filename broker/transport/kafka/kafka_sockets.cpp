#include "broker/transport/kafka/kafka_sockets.h"

#include <arpa/inet.h>
#include <array>
#include <limits>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

namespace hailstorm::broker {
namespace {

// Of several partitions' batches in one request, where our own clients send one batch each.
constexpr uint64_t kMaxRequestBytes = 32 << 20;

using Name = int (*)(int, sockaddr*, socklen_t*);

/// What `name`, getsockname or getpeername, says of the socket.
Address address_of(int fd, Name name) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (name(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  if (storage.ss_family == AF_INET6) {
    const auto& address = reinterpret_cast<const sockaddr_in6&>(storage);
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(address.sin6_port)};
  }
  const auto& address = reinterpret_cast<const sockaddr_in&>(storage);
  ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return {text.data(), ntohs(address.sin_port)};
}

}  // namespace

SessionLimits KafkaOptions::default_limits() {
  SessionLimits limits;
  limits.message.max_message_bytes = kMaxRequestBytes;
  return limits;
}

Result<std::unique_ptr<KafkaSockets>> KafkaSockets::bind(const KafkaOptions& options,
                                                         Poller& poller, const Clock& clock,
                                                         BrokerMetrics& metrics,
                                                         Descriptors* descriptors) {
  HAIL_ASSIGN_OR_RETURN(auto listener,
                        listen_for_peers(options.host, options.port, "--kafka-port"));
  return std::unique_ptr<KafkaSockets>(
      new KafkaSockets(options, poller, clock, metrics, descriptors, std::move(listener)));
}

KafkaSockets::KafkaSockets(const KafkaOptions& options, Poller& poller, const Clock& clock,
                           BrokerMetrics& metrics, Descriptors* descriptors,
                           http::Listener listener)
    : PeerSockets(options.limits, poller, clock, metrics, descriptors, std::move(listener),
                  [this](int fd, SessionId id, int64_t now_ms) {
                    const int on = 1;
                    static_cast<void>(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
                    return std::make_unique<KafkaSession>(fd, id, limits_.message.max_message_bytes,
                                                          limits_.peer_credit_bytes, now_ms);
                  }),
      idle_ms_(options.idle_ms) {}

bool KafkaSockets::receive(const OnRequest& on_request) {
  on_request_ = &on_request;
  return receive_step();
}

void KafkaSockets::on_step(PeerSession& peer, PeerSession::Step step) {
  auto& session = static_cast<KafkaSession&>(peer);
  if (step == PeerSession::Step::fault)
    return sessions_.doom(session, "kafka_protocol", session.fault());
  (*on_request_)({session.id(), session.expect_response()}, session.request());
}

void KafkaSockets::on_end(PeerSession& peer) {
  auto& session = static_cast<KafkaSession&>(peer);
  session.note_end();
  if (session.is_finished()) sessions_.doom(session);
}

void KafkaSockets::respond(const KafkaRequestId& id, KafkaMessage message) {
  KafkaSession* const session = find(id.session);
  if (session == nullptr) return;  // it left; nothing is wrong
  unread_answers_.make_room(static_cast<int64_t>(message.frame.size_bytes()));
  if (session->is_doomed) return;
  session->respond(id.number, std::move(message));
  sessions_.mark_dirty(*session, clock_.steady_ms());
}

void KafkaSockets::skip(const KafkaRequestId& id) {
  KafkaSession* const session = find(id.session);
  if (session == nullptr) return;
  session->skip(id.number);
  sessions_.mark_dirty(*session, clock_.steady_ms());
}

void KafkaSockets::close(SessionId id, const char* reason, std::string_view why) {
  KafkaSession* const session = find(id);
  if (session != nullptr) sessions_.doom(*session, reason, why);
}

int64_t KafkaSockets::credit_bytes(SessionId id) const {
  const KafkaSession* const session = find(id);
  return session == nullptr ? std::numeric_limits<int64_t>::max()
                            : unread_answers_.credit_of(*session);
}

Address KafkaSockets::local_address(SessionId id) const {
  const KafkaSession* const session = find(id);
  return session == nullptr ? Address{} : address_of(session->fd(), ::getsockname);
}

std::string KafkaSockets::peer_host(SessionId id) const {
  const KafkaSession* const session = find(id);
  return session == nullptr ? std::string() : address_of(session->fd(), ::getpeername).host;
}

void KafkaSockets::look_for_life(PeerSession& peer, int64_t now_ms) {
  auto& session = static_cast<KafkaSession&>(peer);
  if (session.is_finished()) return sessions_.doom(session);
  const bool waits = session.is_waiting() || session.unread_bytes() > 0;
  if (!waits && now_ms - session.heard_ms() >= idle_ms_)
    return sessions_.doom(session, "idle", "it was silent for longer than an idle one may be");
  session.unblock();  // a kernel without memory may have forgotten to say so
  if (session.unread_bytes() > 0) sessions_.mark_dirty(session, now_ms);
}

}  // namespace hailstorm::broker
