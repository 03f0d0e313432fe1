#pragma once

#include <cstddef>

namespace hailstorm::http {

/// What one connection, and all of them together, may cost. Times are limits of the connection's
/// side; a handler may take as long as it needs.
struct Limits {
  size_t max_line_bytes = 8 << 10;   // the request line (414), one header line (431)
  size_t max_headers = 100;          // 431
  size_t max_head_bytes = 16 << 10;  // request line and headers together: 431
  size_t max_body_bytes = 64 << 10;  // 413
  int request_ms = 10'000;           // from a request's first byte to its last: 408
  int idle_ms = 5'000;               // without a byte between two requests: closed
  int age_ms = 60'000;               // an older connection is closed after its next answer
  int answer_ms = 10'000;            // until the peer has taken an answer: closed
  int event_ms = 2'000;              // until a stream's reader has taken an event: dropped
  int linger_ms = 2'000;             // for the peer to take the last answer and to close
  int drain_ms = 1'000;              // at a stop, for requests whose first byte is here
  /// Above it the least used one is ended for a new one. With few descriptors there may be fewer.
  size_t max_connections = 4'096;
  /// Above 4 KiB a connection's half-received request and unsent answer count against this, which
  /// all connections share. Where nothing is left a request is answered 503; an answer that cannot
  /// be kept ends its connection.
  size_t max_held_bytes = 16 << 20;
};

}  // namespace hailstorm::http
