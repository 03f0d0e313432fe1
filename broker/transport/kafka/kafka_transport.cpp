#include "broker/transport/kafka/kafka_transport.h"

#include <exception>

#include "broker/transport/kafka/serve.h"
#include "common/base/logging.h"

namespace hailstorm::broker {
std::optional<size_t> KafkaTransport::receive(Broker& broker) {
  struct {
    KafkaTransport& self;
    KafkaContext context;
    size_t bytes;
  } step{*this, {&broker, &requests_, &cluster_}, 0};
  // One reference: what a std::function keeps without an allocation.
  const auto on_request = [&step](const KafkaRequestId& id, MutableBytes request) {
    step.bytes = request.size();
    try {
      serve_frame(step.context, *step.self.sockets_, id, request);
    } catch (const std::exception& error) {
      log_error("a request of a Kafka client failed", {{"what", error.what()}});
      step.self.sockets_->close(id.session, "memory", "its request could not be served");
    }
  };
  if (!sockets_->receive(on_request)) return std::nullopt;
  return step.bytes;
}

}  // namespace hailstorm::broker
