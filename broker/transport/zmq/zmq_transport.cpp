#include "broker/transport/zmq/zmq_transport.h"

namespace hailstorm::broker {

std::optional<size_t> ZmqTransport::receive(Broker& broker) {
  struct {
    ZmqCodec& codec;
    Broker& broker;
    size_t bytes;
  } step{codec_, broker, 0};
  // One reference: what a std::function keeps without an allocation.
  const auto on_message = [&step](SessionId session, std::span<const MutableBytes> frames) {
    for (const MutableBytes frame : frames) step.bytes += frame.size();
    step.codec.handle(step.broker, session, frames);
  };
  if (!sockets_->receive(on_message)) return std::nullopt;
  return step.bytes;
}

}  // namespace hailstorm::broker
