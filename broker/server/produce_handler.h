#pragma once

#include "broker/server/broker_metrics.h"
#include "broker/server/commit_queue.h"
#include "broker/server/disk_reserve.h"
#include "broker/server/reply.h"
#include "broker/storage/topic_store.h"

namespace hailstorm::broker {

/// Appends the batches that producers send, in the memory they were received in.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class ProduceHandler {
 public:
  ProduceHandler(storage::TopicStore& topics, CommitQueue& commits, DiskReserve& reserve,
                 ReplySink& replies, BrokerMetrics& metrics)
      : topics_(topics),
        commits_(commits),
        reserve_(reserve),
        replies_(replies),
        metrics_(metrics) {}

  /// Stamps and writes `batch`; acks=all is answered when it is durable, acks=1 at once.
  void handle(const Caller& caller, const wire::ProduceRequest& request, MutableBytes batch);

 private:
  void reply(const Caller& caller, wire::Outcome outcome, int64_t base_offset = -1);
  [[nodiscard]] wire::Outcome check(const wire::ProduceRequest& request) const;

  storage::TopicStore& topics_;
  CommitQueue& commits_;
  DiskReserve& reserve_;
  ReplySink& replies_;
  BrokerMetrics& metrics_;
};

}  // namespace hailstorm::broker
