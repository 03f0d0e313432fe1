#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "broker/api/broker_metrics.h"
#include "broker/api/descriptors.h"
#include "broker/transport/peers/acceptor.h"
#include "broker/transport/peers/half_messages.h"
#include "broker/transport/peers/peer_limits.h"
#include "broker/transport/peers/session_table.h"
#include "broker/transport/peers/unread_answers.h"
#include "broker/transport/poller.h"
#include "common/base/clock.h"
#include "common/http/listener.h"

namespace hailstorm::broker {

/// The connections of one transport, on the thread of its caller: takes them, receives from each in
/// turn, and sends what waits. What peers may take of memory and descriptors is bounded over all of
/// them. What the bytes mean is for the sessions that a derived class makes.
///
/// Thread safety: not safe; the event loop's thread owns it.
class PeerSockets : PollHandler {
 public:
  /// Of the kernel's memory, for each connection and direction (it takes twice of it).
  static constexpr int kPeerSocketBytes = 128 << 10;

  ~PeerSockets() override = default;
  PeerSockets(const PeerSockets&) = delete;
  PeerSockets& operator=(const PeerSockets&) = delete;

  [[nodiscard]] int port() const { return acceptor_.port(); }

  /// True: there is something to receive, or tick() has something to do, without an event.
  [[nodiscard]] bool has_input() const {
    return acceptor_.is_due() || sessions_.has_ready() || current_ != 0;
  }
  /// Sends what waits, as far as the peers take it.
  void flush();
  [[nodiscard]] int64_t unread_bytes() const { return sessions_.unread_bytes(); }
  /// Takes new connections and closes those that are over a limit. Call it after each wait of the
  /// poller, and at least every max_wait_ms().
  void tick();
  [[nodiscard]] int64_t max_wait_ms() const;

 protected:
  /// The references, and `descriptors` where it is given, must remain live while this is in use.
  PeerSockets(const SessionLimits& limits, Poller& poller, const Clock& clock,
              BrokerMetrics& metrics, Descriptors* descriptors, http::Listener listener,
              SessionTable::Make make);

  /// One step: receives from one peer, or gives one of its messages to on_step(). False: there is
  /// nothing to receive before the next event.
  bool receive_step();

  /// What the last bytes of this peer came to. The message lives until this returns.
  virtual void on_step(PeerSession& session, PeerSession::Step step) = 0;
  /// The peer sends no more.
  virtual void on_end(PeerSession& session) { sessions_.doom(session); }
  /// Called now and then for each peer: closes it, or asks it whether it is there.
  virtual void look_for_life(PeerSession& session, int64_t now_ms) = 0;
  /// Called as often, once for all.
  virtual void look_at_all() {}

  const SessionLimits limits_;
  const Clock& clock_;
  BrokerMetrics& metrics_;

 private:
  const uint64_t listen_key_;  // the sessions have those after it

 protected:
  SessionTable sessions_;
  UnreadAnswers unread_answers_;

 private:
  void on_event(uint64_t key, uint32_t events) override;
  [[nodiscard]] PeerSession* next_session();
  void forget_current();
  [[nodiscard]] std::optional<PeerSession::Step> read_from(PeerSession& session);
  void take_step(PeerSession& session, PeerSession::Step step);
  void reap();
  void show_bytes();

  HalfMessages half_messages_;
  Acceptor acceptor_;

  std::vector<uint8_t> buffer_;
  SessionId current_ = 0;  // whose bytes are in `rest_`, or whose message is being handled
  Bytes rest_;             // of `buffer_`

  int64_t shown_held_bytes_ = 0;
  int64_t shown_unread_bytes_ = 0;
  int64_t sweep_due_ms_ = 0;
  int64_t life_due_ms_ = 0;
};

}  // namespace hailstorm::broker
