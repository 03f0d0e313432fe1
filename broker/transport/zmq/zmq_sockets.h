#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/api/broker_metrics.h"
#include "broker/api/descriptors.h"
#include "broker/transport/poller.h"
#include "broker/transport/zmq/acceptor.h"
#include "broker/transport/zmq/half_messages.h"
#include "broker/transport/zmq/session_limits.h"
#include "broker/transport/zmq/session_table.h"
#include "broker/transport/zmq/unread_answers.h"
#include "broker/transport/zmq/zmq_message.h"
#include "common/base/clock.h"
#include "common/base/result.h"

namespace hailstorm::broker {

enum class ListenErrc { port_in_use, cannot_bind };
[[nodiscard]] std::string_view name_of(ListenErrc code);

struct ZmqOptions {
  std::string host = "127.0.0.1";
  int port = 7400;  // 0: any free one
  SessionLimits limits;
};

/// Speaks ZMTP 3 with any number of ZeroMQ sockets, on the thread of its caller, and carries whole
/// messages both ways, whatever they mean. What peers may take of memory and descriptors is bounded
/// over all of them.
///
/// Thread safety: not safe; the event loop's thread owns it.
class ZmqSockets final : public ZmqMessageSink, PollHandler {
 public:
  using OnMessage = std::function<void(SessionId, std::span<const MutableBytes>)>;

  /// The references, and `descriptors` where it is given, must remain live while this is in use.
  /// Errors: any ListenErrc, and AddressErrc::unknown_host.
  [[nodiscard]] static Result<std::unique_ptr<ZmqSockets>> bind(const ZmqOptions& options,
                                                                Poller& poller, const Clock& clock,
                                                                BrokerMetrics& metrics,
                                                                Descriptors* descriptors = nullptr);
  ~ZmqSockets() override = default;
  ZmqSockets(const ZmqSockets&) = delete;
  ZmqSockets& operator=(const ZmqSockets&) = delete;

  [[nodiscard]] int port() const { return acceptor_.port(); }

  /// One step: receives from one peer, or hands one of its messages to `on_message`; the frames'
  /// bytes live until that returns. False: there is nothing to receive before the next event.
  bool receive(const OnMessage& on_message);
  /// True: receive() or tick() has something to do without an event.
  [[nodiscard]] bool has_input() const {
    return acceptor_.is_due() || sessions_.has_ready() || current_ != 0;
  }

  void send(SessionId session, ZmqMessage message) override;
  [[nodiscard]] int64_t credit_bytes(SessionId session) const override;
  /// Sends what waits, as far as the peers take it.
  void flush();
  [[nodiscard]] int64_t unread_bytes() const { return sessions_.unread_bytes(); }

  /// Takes new connections and closes those that are over a limit. Call it after each wait of the
  /// poller, and at least every max_wait_ms().
  void tick();
  [[nodiscard]] int64_t max_wait_ms() const;

 private:
  ZmqSockets(const SessionLimits& limits, Poller& poller, const Clock& clock,
             BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener);

  void on_event(uint64_t key, uint32_t events) override;
  [[nodiscard]] ZmqSession* next_session();
  void forget_current();
  [[nodiscard]] std::optional<ZmqSession::Step> read_from(ZmqSession& session);
  void take_step(ZmqSession& session, ZmqSession::Step outcome, const OnMessage& on_message);
  void refuse(ZmqSession& session);
  void reap();
  void count_refused();
  void look_for_life(ZmqSession& session, int64_t now_ms);

  const SessionLimits limits_;
  const Clock& clock_;
  BrokerMetrics& metrics_;
  const uint64_t listen_key_;  // the sessions have those after it
  SessionTable sessions_;
  HalfMessages half_messages_;
  UnreadAnswers unread_answers_;
  Acceptor acceptor_;

  std::vector<uint8_t> buffer_;
  SessionId current_ = 0;  // whose bytes are in `rest_`, or whose message is being handled
  Bytes rest_;             // of `buffer_`

  uint64_t other_protocols_ = 0;  // refused since they were counted
  uint64_t bad_handshakes_ = 0;
  int64_t sweep_due_ms_ = 0;
  int64_t silence_due_ms_ = 0;
};

}  // namespace hailstorm::broker
