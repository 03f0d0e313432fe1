#pragma once

#include <memory>

#include "broker/transport/kafka/cluster.h"
#include "broker/transport/kafka/kafka_sockets.h"
#include "broker/transport/kafka/sub_requests.h"
#include "broker/transport/transport.h"

namespace hailstorm::broker {

/// Kafka's protocol over TCP. Requests of a connection are handled as they come, one after the
/// other, without waiting for the responses of those before; responses go out in their order.
///
/// Thread safety: not safe; the event loop's thread owns it. It must live longer than the broker
/// that it serves, and that broker's topics, which may hold Responders.
class KafkaTransport final : public Transport {
 public:
  KafkaTransport(std::unique_ptr<KafkaSockets> sockets, KafkaCluster cluster)
      : sockets_(std::move(sockets)), cluster_(std::move(cluster)), requests_(*sockets_) {}

  [[nodiscard]] int port() const { return sockets_->port(); }
  /// REQUIRES: nothing was received yet.
  void set_cluster_id(const Uuid& id) { cluster_.id = id.text(); }

  [[nodiscard]] std::optional<size_t> receive(Broker& broker) override;
  [[nodiscard]] bool has_input() const override { return sockets_->has_input(); }
  void flush() override { sockets_->flush(); }
  void tick() override { sockets_->tick(); }
  [[nodiscard]] int64_t max_wait_ms() const override { return sockets_->max_wait_ms(); }
  [[nodiscard]] int64_t unread_bytes() const override { return sockets_->unread_bytes(); }
  void close() override { requests_.close(); }

 private:
  std::unique_ptr<KafkaSockets> sockets_;
  KafkaCluster cluster_;
  SubRequests requests_;
};

}  // namespace hailstorm::broker
