#pragma once

#include <cstdint>
#include <vector>
#include <zmq.hpp>

#include "broker/server/broker_metrics.h"

namespace hailstorm::broker {

/// Makes a socket refuse peers that do not speak ZMTP 3, and counts them from the news that ZeroMQ
/// gives of the socket's connections.
///
/// A peer that is refused for its first bytes makes no news of its own: its connection ends without
/// a handshake. The news of a handshake does not say of which connection it is; it is taken for
/// that of the youngest one without. So the count is right in the end, and may be late where
/// several connections begin within the same millisecond.
///
/// Thread safety: not safe.
class RefusedPeers {
 public:
  /// All three must remain live while this is in use. The socket must not be bound yet. Throws
  /// zmq::error_t when there is no descriptor left.
  RefusedPeers(zmq::context_t& context, zmq::socket_t& socket, BrokerMetrics& metrics);
  ~RefusedPeers();
  RefusedPeers(const RefusedPeers&) = delete;
  RefusedPeers& operator=(const RefusedPeers&) = delete;

  /// Takes the news that are there. Call it every second or so: it writes one line for each kind of
  /// refusal that came since the last call.
  void take_news();

 private:
  struct Counts {
    uint64_t other_protocol = 0;
    uint64_t bad_handshake = 0;
  };
  void handle(uint16_t event, int connection, Counts& refused);

  zmq::socket_t& socket_;
  zmq::socket_t news_;
  BrokerMetrics& metrics_;
  std::vector<int> without_handshake_;  // descriptors, that of the youngest connection last
  bool end_is_explained_ = false;       // of the connection whose end is the next news
};

}  // namespace hailstorm::broker
