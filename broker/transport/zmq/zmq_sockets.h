#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "broker/transport/peers/listen.h"
#include "broker/transport/peers/peer_sockets.h"
#include "broker/transport/zmq/session.h"
#include "broker/transport/zmq/zmq_message.h"
#include "common/base/result.h"

namespace hailstorm::broker {

struct ZmqOptions {
  std::string host = "127.0.0.1";
  int port = 7400;  // 0: any free one
  SessionLimits limits;
};

/// Speaks ZMTP 3 with any number of ZeroMQ sockets, and carries whole messages both ways, whatever
/// they mean.
///
/// Thread safety: not safe; the event loop's thread owns it.
class ZmqSockets final : public ZmqMessageSink, public PeerSockets {
 public:
  using OnMessage = std::function<void(SessionId, std::span<const MutableBytes>)>;

  /// The references, and `descriptors` where it is given, must remain live while this is in use.
  /// Errors: any ListenErrc, and AddressErrc::unknown_host.
  [[nodiscard]] static Result<std::unique_ptr<ZmqSockets>> bind(const ZmqOptions& options,
                                                                Poller& poller, const Clock& clock,
                                                                BrokerMetrics& metrics,
                                                                Descriptors* descriptors = nullptr);

  /// One step: receives from one peer, or hands one of its messages to `on_message`; the frames'
  /// bytes live until that returns. False: there is nothing to receive before the next event.
  bool receive(const OnMessage& on_message);

  void send(SessionId session, ZmqMessage message) override;
  [[nodiscard]] int64_t credit_bytes(SessionId session) const override;

 private:
  ZmqSockets(const SessionLimits& limits, Poller& poller, const Clock& clock,
             BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener);

  [[nodiscard]] ZmqSession* find(SessionId id) const {
    return static_cast<ZmqSession*>(sessions_.find(id));
  }
  void on_step(PeerSession& session, PeerSession::Step step) override;
  void look_for_life(PeerSession& session, int64_t now_ms) override;
  void look_at_all() override;
  void refuse(ZmqSession& session);

  const OnMessage* on_message_ = nullptr;  // during receive()
  uint64_t other_protocols_ = 0;           // refused since they were counted
  uint64_t bad_handshakes_ = 0;
};

}  // namespace hailstorm::broker
