#pragma once

#include <cstdint>
#include <vector>

#include "broker/transport/peers/peer_limits.h"
#include "broker/transport/peers/session_table.h"

namespace hailstorm::broker {

/// Bounds the memory that half-received messages take, over all sessions. A session that finds no
/// room is starved: it waits in its socket. Where all wait for each other, one of them is favoured
/// and may finish its message beyond the bound.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class HalfMessages {
 public:
  HalfMessages(const SessionLimits& limits, SessionTable& sessions)
      : limits_(limits), sessions_(sessions) {}

  /// Bytes that may be received from this session now.
  [[nodiscard]] int64_t room_for(const PeerSession& session) const;
  /// Some of its bytes were received, or its message was handled.
  void note_received(PeerSession& session);

  /// The session waits until there is room.
  void starve(PeerSession& session);
  [[nodiscard]] bool has_starved() const { return !starved_.empty(); }
  /// There may be room: all that are starved try again.
  void feed_starved();

  /// While sessions wait for room: closes those that do not go on with their message.
  void close_stalled(int64_t now_ms);

 private:
  const SessionLimits& limits_;
  SessionTable& sessions_;
  std::vector<SessionId> starved_;  // some may be closed since
  SessionId favoured_ = 0;
  int64_t favoured_ms_ = 0;
};

}  // namespace hailstorm::broker
