#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "broker/api/broker_metrics.h"
#include "broker/api/responder.h"
#include "broker/partition/topic_store.h"
#include "common/base/clock.h"

namespace hailstorm::broker {

struct FetchLimits {
  int32_t max_wait_ms = 30'000;
  int32_t max_bytes = 16 << 20;
  size_t max_partitions = 2'000;
  size_t max_parked_per_session = 64;
  size_t max_parked = 10'000;
  size_t max_parked_partitions = 50'000;  // that all of those name: each takes about 300 bytes
};

/// Answers fetches: at once when there is enough to read or an error to report, else parked until
/// data arrives, the wait is over or the broker stops. Above the limits a fetch is answered at once
/// with what there is.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class FetchHandler {
 public:
  FetchHandler(TopicStore& topics, const Clock& clock, BrokerMetrics& metrics, FetchLimits limits);

  void handle(wire::FetchRequest request, Responder<wire::FetchReply> responder);

  /// Answers the parked fetches that have enough to read now, or of which a topic was deleted.
  void wake();
  /// Answers the parked fetches whose wait is over.
  void expire();
  /// Answers all of them with shutting_down.
  void shut_down();

  /// When expire() has next something to do, on the steady clock; INT64_MAX: nothing is parked.
  [[nodiscard]] int64_t next_deadline_ms() const;
  [[nodiscard]] size_t parked() const noexcept { return parked_.size(); }

 private:
  struct Parked {
    Responder<wire::FetchReply> responder;
    wire::FetchRequest request;
    std::vector<std::shared_ptr<Partition>> partitions;  // in the order of the request
    int64_t deadline_ms;
  };
  struct Gathered {
    wire::FetchReply reply;
    std::vector<storage::StoredBytes> data;
    int64_t bytes = 0;
    bool failed = false;  // some partition has an error to report
    bool full = false;    // some batch has no room any more

    [[nodiscard]] bool is_enough(int32_t min_bytes) const {
      return failed || full || bytes >= min_bytes;
    }
  };
  using Partitions = std::vector<Partition*>;  // in the order of the request; null: there is none
  [[nodiscard]] Partitions resolve(const wire::FetchRequest& request);
  [[nodiscard]] Gathered gather(const Responder<wire::FetchReply>& responder,
                                const wire::FetchRequest& request, const Partitions& partitions);
  [[nodiscard]] Gathered gather(const Parked& parked);
  [[nodiscard]] wire::FetchedPartition read(const wire::FetchPartition& wanted,
                                            Partition* partition, int64_t budget_bytes,
                                            Gathered& gathered);
  void send(Responder<wire::FetchReply>& responder, Gathered gathered);
  [[nodiscard]] bool may_park(SessionId session, size_t partitions) const;
  void park(wire::FetchRequest request, const Partitions& partitions,
            Responder<wire::FetchReply> responder);
  Parked unpark(uint64_t id);

  TopicStore& topics_;
  const Clock& clock_;
  BrokerMetrics& metrics_;
  FetchLimits limits_;

  uint64_t next_id_ = 0;
  std::map<uint64_t, Parked> parked_;
  size_t parked_partitions_ = 0;
  std::unordered_map<const Partition*, std::set<uint64_t>> by_partition_;
  std::set<std::pair<int64_t, uint64_t>> by_deadline_;
  std::unordered_map<SessionId, size_t> by_session_;
};

}  // namespace hailstorm::broker
