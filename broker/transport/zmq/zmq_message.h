#pragma once

#include <cstdint>
#include <vector>

#include "broker/api/responder.h"

namespace hailstorm::broker {

/// One message to a peer: the encoded body and the stored batches that follow it, a frame each.
struct ZmqMessage {
  std::vector<uint8_t> head;
  std::vector<storage::StoredBytes> data;
};

/// Where messages to peers go: to their connections, or to a test.
///
/// Thread safety: not safe; the broker's thread owns it.
class ZmqMessageSink {
 public:
  virtual ~ZmqMessageSink() = default;

  /// Never waits. A message that cannot go out is dropped and counted: the peer asks again.
  virtual void send(SessionId session, ZmqMessage message) = 0;
  /// As RequestSource::credit_bytes().
  [[nodiscard]] virtual int64_t credit_bytes(SessionId session) const = 0;
};

}  // namespace hailstorm::broker
