#pragma once

#include <cstddef>
#include <cstdint>

#include "common/wire/limits.h"

namespace hailstorm::broker {

/// What one message may be.
struct MessageLimits {
  uint64_t max_message_bytes = wire::kMostMaxBatchBytes + (1 << 20);  // a batch, and what names it
  uint64_t max_head_bytes = 4 << 20;  // of a first frame, which says what is wanted
  size_t max_frames = 8;
};

/// What the peers of one transport may cost. The bounds on bytes hold over all of them together,
/// each with a small part that nobody can take from the others, so that those that behave go on.
struct SessionLimits {
  MessageLimits message;

  // A connection without bytes under way takes about 1 KiB.
  size_t max_connections = 2'048;
  // From the connection on, for the handshake. Where connections have run out, one second.
  int64_t handshake_ms = 5'000;
  // A peer without a sign of life is pinged, and then closed, where the protocol knows pings.
  int64_t ping_ms = 2'000;
  int64_t silence_ms = 8'000;
  // Where connections have run out, one that has sent no message for so long makes room.
  int64_t idle_ms = 10'000;

  // Of messages that are being received, besides the first 16 KiB of each connection's. Those that
  // find no room wait in their sockets. Where all wait for each other, one may go on beyond it.
  int64_t max_held_bytes = 16 << 20;
  // A peer that stops in the middle of a message for so long is closed while others need its room.
  int64_t stalled_ms = 500;

  int64_t peer_credit_bytes = 16 << 20;   // sent to one peer and not read by it
  int64_t total_credit_bytes = 24 << 20;  // to all of them; above it a peer has only the next
  int64_t reader_credit_bytes = 256 << 10;
  // To all of them at any time: above it the peer with the most of it is closed.
  int64_t max_unread_bytes = 32 << 20;
  // A peer that takes none of its answers for so long is closed while the credit is used up.
  int64_t unread_ms = 1'000;
};

}  // namespace hailstorm::broker
