#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "broker/storage/stored_bytes.h"
#include "common/wire/codec.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// Names one connection for as long as it lasts; a peer that reconnects is another one.
using PeerId = std::string;

/// One message to a peer: the encoded body and the stored batches that follow it, a frame each.
struct Reply {
  std::vector<uint8_t> head;
  std::vector<storage::StoredBytes> data;
};

/// Where answers go.
///
/// Thread safety: not safe; the broker's thread owns it.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  /// Never waits. A reply that cannot go out is dropped and counted: the peer asks again.
  virtual void send(const PeerId& peer, Reply reply) = 0;
  /// Bytes that the peer may be sent now; none, or less, while it has so many unread ones that an
  /// answer would be dropped.
  [[nodiscard]] virtual int64_t credit_bytes(const PeerId& peer) const = 0;
  [[nodiscard]] bool has_credit(const PeerId& peer) const { return credit_bytes(peer) > 0; }
};

/// Whom an answer goes to, and which of its requests it answers.
struct Caller {
  PeerId peer;
  wire::Api api = wire::Api::metadata;
  uint64_t correlation_id = 0;
};

template <class Body>
void answer(ReplySink& replies, const Caller& caller, const Body& body,
            std::vector<storage::StoredBytes> data = {}) {
  const wire::FrameHeader header{caller.api, caller.correlation_id};
  replies.send(caller.peer, Reply{wire::encode(header, body), std::move(data)});
}

/// Answers with nothing but an error. For replies that consist of their outcome or have harmless
/// defaults.
template <class Body>
void refuse(ReplySink& replies, const Caller& caller, wire::ErrorCode code, std::string message) {
  Body body;
  body.outcome = {code, std::move(message)};
  answer(replies, caller, body);
}

}  // namespace hailstorm::broker
