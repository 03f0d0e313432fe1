#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "broker/transport/kafka/kafka_session.h"
#include "broker/transport/peers/listen.h"
#include "broker/transport/peers/peer_sockets.h"
#include "common/base/address.h"
#include "common/base/result.h"

namespace hailstorm::broker {

/// Names one request of one connection.
struct KafkaRequestId {
  SessionId session = 0;
  uint64_t number = 0;  // as of KafkaSession::expect_response()
};

/// Where responses go: to their connections, or to a test. Each request has one response, or is
/// skipped, or its connection is closed.
///
/// Thread safety: not safe; the broker's thread owns it.
class KafkaResponseSink {
 public:
  virtual ~KafkaResponseSink() = default;
  virtual void respond(const KafkaRequestId& id, KafkaMessage message) = 0;
  virtual void skip(const KafkaRequestId& id) = 0;
  virtual void close(SessionId session, const char* reason, std::string_view why) = 0;
  /// As RequestSource::credit_bytes().
  [[nodiscard]] virtual int64_t credit_bytes(SessionId session) const = 0;
  /// The address under which the client has reached the broker.
  [[nodiscard]] virtual Address local_address(SessionId session) const = 0;
  /// The client's own address, as text.
  [[nodiscard]] virtual std::string peer_host(SessionId session) const = 0;
};

struct KafkaOptions {
  std::string host = "127.0.0.1";
  int port = 9092;  // 0: any free one
  SessionLimits limits = default_limits();
  int64_t idle_ms = int64_t{10} * 60 * 1000;  // Kafka's connections.max.idle.ms

  [[nodiscard]] static SessionLimits default_limits();
};

/// The connections of Kafka clients. A peer that reads too little is closed, for a response that is
/// left out would put all later ones out of step.
///
/// Thread safety: not safe; the event loop's thread owns it.
class KafkaSockets final : public KafkaResponseSink, public PeerSockets {
 public:
  /// `request`: the whole request without its size; its bytes live until that returns.
  using OnRequest = std::function<void(const KafkaRequestId& id, MutableBytes request)>;

  /// The references, and `descriptors` where it is given, must remain live while this is in use.
  /// Errors: any ListenErrc, and AddressErrc::unknown_host.
  [[nodiscard]] static Result<std::unique_ptr<KafkaSockets>> bind(
      const KafkaOptions& options, Poller& poller, const Clock& clock, BrokerMetrics& metrics,
      Descriptors* descriptors = nullptr);

  /// One step: receives from one peer, or hands one of its requests to `on_request`. False: there
  /// is nothing to receive before the next event.
  bool receive(const OnRequest& on_request);

  void respond(const KafkaRequestId& id, KafkaMessage message) override;
  void skip(const KafkaRequestId& id) override;
  void close(SessionId session, const char* reason, std::string_view why) override;
  [[nodiscard]] int64_t credit_bytes(SessionId session) const override;
  [[nodiscard]] Address local_address(SessionId session) const override;
  [[nodiscard]] std::string peer_host(SessionId session) const override;

 private:
  KafkaSockets(const KafkaOptions& options, Poller& poller, const Clock& clock,
               BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener);

  [[nodiscard]] KafkaSession* find(SessionId id) const {
    return static_cast<KafkaSession*>(sessions_.find(id));
  }
  void on_step(PeerSession& session, PeerSession::Step step) override;
  void on_end(PeerSession& session) override;
  void look_for_life(PeerSession& session, int64_t now_ms) override;

  const int64_t idle_ms_;
  const OnRequest* on_request_ = nullptr;  // during receive()
};

}  // namespace hailstorm::broker
