#pragma once

#include <cstdint>

#include "broker/api/broker_metrics.h"
#include "broker/api/descriptors.h"
#include "broker/transport/peers/half_messages.h"
#include "broker/transport/peers/peer_limits.h"
#include "broker/transport/peers/session_table.h"
#include "broker/transport/poller.h"
#include "common/http/listener.h"

namespace hailstorm::broker {

/// Takes new connections. Where there are as many as there may be, one that has not finished its
/// handshake, or that was silent for longest, makes room; else the new one is closed.
///
/// Thread safety: not safe. The references, and `descriptors` where it is not null, must remain
/// live while it is in use.
class Acceptor {
 public:
  Acceptor(const SessionLimits& limits, SessionTable& sessions, HalfMessages& half_messages,
           Poller& poller, BrokerMetrics& metrics, Descriptors* descriptors,
           http::Listener listener)
      : limits_(limits),
        sessions_(sessions),
        half_messages_(half_messages),
        poller_(poller),
        metrics_(metrics),
        descriptors_(descriptors),
        listener_(std::move(listener)) {}

  [[nodiscard]] int port() const { return listener_.port(); }
  [[nodiscard]] int fd() const { return listener_.fd(); }

  /// Connections may be waiting: accept_some() takes them.
  void set_due() { is_due_ = true; }
  [[nodiscard]] bool is_due() const { return is_due_; }
  void accept_some(int64_t now_ms);

  /// Shows how many connections there are. Call it after each change.
  void note_count();

 private:
  [[nodiscard]] size_t max_connections() const;
  void take(int fd, int64_t now_ms);
  void make_room(int64_t now_ms);

  const SessionLimits& limits_;
  SessionTable& sessions_;
  HalfMessages& half_messages_;
  Poller& poller_;
  BrokerMetrics& metrics_;
  Descriptors* const descriptors_;
  http::Listener listener_;
  bool is_due_ = false;
  int64_t room_due_ms_ = 0;
  size_t noted_count_ = 0;
};

}  // namespace hailstorm::broker
