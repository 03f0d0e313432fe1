#pragma once

#include "broker/api/broker_metrics.h"
#include "broker/api/responder.h"
#include "broker/partition/disk_reserve.h"
#include "broker/partition/topic_store.h"

namespace hailstorm::broker {

/// Appends the batches that producers send, in the memory they were received in.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class ProduceHandler {
 public:
  ProduceHandler(TopicStore& topics, DiskReserve& reserve, BrokerMetrics& metrics)
      : topics_(topics), reserve_(reserve), metrics_(metrics) {}

  /// Stamps and writes `batch`; acks=all is answered when it is durable, acks=1 at once.
  void handle(const wire::ProduceRequest& request, MutableBytes batch,
              Responder<wire::ProduceReply> responder);

 private:
  [[nodiscard]] wire::Outcome check(const wire::ProduceRequest& request) const;
  void append(wire::Acks acks, Partition& partition, MutableBytes batch,
              Responder<wire::ProduceReply> responder);

  TopicStore& topics_;
  DiskReserve& reserve_;
  BrokerMetrics& metrics_;
};

}  // namespace hailstorm::broker
