#pragma once

#include "broker/partition/disk_reserve.h"
#include "broker/partition/topic_store.h"
#include "broker/server/broker_metrics.h"
#include "broker/server/reply.h"

namespace hailstorm::broker {

/// Appends the batches that producers send, in the memory they were received in.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class ProduceHandler {
 public:
  ProduceHandler(TopicStore& topics, DiskReserve& reserve, ReplySink& replies,
                 BrokerMetrics& metrics)
      : topics_(topics), reserve_(reserve), replies_(replies), metrics_(metrics) {}

  /// Stamps and writes `batch`; acks=all is answered when it is durable, acks=1 at once.
  void handle(const Caller& caller, const wire::ProduceRequest& request, MutableBytes batch);

 private:
  void reply(const Caller& caller, wire::Outcome outcome, int64_t base_offset = -1);
  [[nodiscard]] wire::Outcome check(const wire::ProduceRequest& request) const;
  void append(const Caller& caller, wire::Acks acks, Partition& partition, MutableBytes batch);

  TopicStore& topics_;
  DiskReserve& reserve_;
  ReplySink& replies_;
  BrokerMetrics& metrics_;
};

}  // namespace hailstorm::broker
