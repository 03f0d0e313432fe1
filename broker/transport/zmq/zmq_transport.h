#pragma once

#include <memory>

#include "broker/transport/transport.h"
#include "broker/transport/zmq/zmq_codec.h"
#include "broker/transport/zmq/zmq_sockets.h"

namespace hailstorm::broker {

/// The protocol of our own clients, over ZeroMQ's sockets. Answers go out in the order in which
/// they are known: clients find their requests by correlation id.
///
/// Thread safety: not safe; the event loop's thread owns it. It must live longer than the broker
/// that it serves, and that broker's topics, which may hold Responders.
class ZmqTransport final : public Transport {
 public:
  ZmqTransport(std::unique_ptr<ZmqSockets> sockets, BrokerMetrics& metrics)
      : sockets_(std::move(sockets)), codec_(*sockets_, metrics) {}

  [[nodiscard]] int port() const { return sockets_->port(); }

  [[nodiscard]] std::optional<size_t> receive(Broker& broker) override;
  [[nodiscard]] bool has_input() const override { return sockets_->has_input(); }
  void flush() override { sockets_->flush(); }
  void tick() override { sockets_->tick(); }
  [[nodiscard]] int64_t max_wait_ms() const override { return sockets_->max_wait_ms(); }
  [[nodiscard]] int64_t unread_bytes() const override { return sockets_->unread_bytes(); }
  void close() override { codec_.close(); }

 private:
  std::unique_ptr<ZmqSockets> sockets_;
  ZmqCodec codec_;
};

}  // namespace hailstorm::broker
