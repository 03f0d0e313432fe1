#pragma once

#include <cstdint>

#include "broker/transport/peers/peer_limits.h"
#include "broker/transport/peers/session_table.h"

namespace hailstorm::broker {

/// Bounds the memory of answers that peers do not read: each session has a credit, and all of them
/// together.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class UnreadAnswers {
 public:
  UnreadAnswers(const SessionLimits& limits, SessionTable& sessions)
      : limits_(limits), sessions_(sessions) {}

  /// Bytes that may be sent to this session now, beside what it has not read yet.
  [[nodiscard]] int64_t credit_of(const PeerSession& session) const;
  /// Closes the sessions with the most unread bytes, until there is room for an answer of so many.
  void make_room(int64_t bytes);
  /// While the credit of all is used up: closes sessions that take nothing.
  void close_unread(int64_t now_ms);

 private:
  const SessionLimits& limits_;
  SessionTable& sessions_;
};

}  // namespace hailstorm::broker
