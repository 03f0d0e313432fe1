#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "broker/api/broker_metrics.h"
#include "broker/api/catalog.h"
#include "broker/api/descriptors.h"
#include "broker/api/fetch_handler.h"
#include "broker/api/group_handler.h"
#include "broker/api/health.h"
#include "broker/api/produce_handler.h"
#include "broker/api/responder.h"
#include "broker/api/topic_handler.h"
#include "broker/groups/coordinator.h"
#include "broker/groups/offsets_journal.h"
#include "broker/partition/compactor.h"
#include "broker/partition/disk_reserve.h"
#include "broker/partition/topic_store.h"
#include "common/base/clock.h"

namespace hailstorm::broker {

struct BrokerOptions {
  groups::CoordinatorOptions groups;
  FetchLimits fetch;
  int64_t max_waiting_acks = 100'000;  // above it no request is taken until some batch is durable
  int64_t retention_interval_ms = 5'000;  // and of compacting the groups' topic
  int64_t offsets_segment_bytes = 16 << 20;
  CompactorOptions compaction;
  // Room on the disk that producers are not given, and at most a twentieth of it.
  int64_t disk_reserve_bytes = 16 << 20;
  // Of answers about groups that wait for the disk; above it no request is taken either.
  int64_t max_waiting_group_bytes = 16 << 20;
  Descriptors* descriptors = nullptr;  // null: partitions may have as many as they need
};

/// The broker as a state machine on a clock: typed requests go in, answers go out through their
/// Responders, and syncs for another thread. It knows no protocol, socket or thread, so that a test
/// can be its network, its disk's second thread and its time.
///
/// Thread safety: not safe; one thread owns it. The references must remain live while it is in use.
class Broker {
 public:
  Broker(TopicStore& topics, const Clock& clock, BrokerMetrics& metrics, Health& health,
         BrokerOptions options = {});

  /// The name of the topic with this id; empty: there is none.
  [[nodiscard]] std::string topic_name(const Uuid& id) const { return topics_.name_of(id); }
  /// False, too, where there is no such topic.
  [[nodiscard]] bool is_compacted(const std::string& topic) const {
    const Topic* const found = topics_.find(topic);
    return found != nullptr && found->config.is_compacted();
  }

  [[nodiscard]] const BrokerOptions& options() const { return options_; }
  [[nodiscard]] const std::string& data_folder() const { return topics_.folder(); }
  [[nodiscard]] Result<storage::DiskSpace> disk_space() const { return topics_.space(); }

  /// Of this partition; -1: there is none.
  [[nodiscard]] int64_t log_start_offset(const wire::TopicPartition& id) const {
    const Partition* const partition = topics_.partition(id);
    return partition == nullptr || !partition->is_open() ? -1 : partition->log_start_offset();
  }

  /// Reads the groups' offsets back. If they are damaged the broker serves everything but groups,
  /// and says so.
  void load();

  /// Hands a request to the one handler that takes its type. The answer comes through `responder`,
  /// before the return or later.
  template <class Request>
  void handle(Request request, Responder<typename Request::Reply> responder);
  /// `batch`: the record batch to append. Its bytes are changed; none is used after the return.
  void handle(const wire::ProduceRequest& request, MutableBytes batch,
              Responder<wire::ProduceReply> responder);

  /// To be called when a burst of requests was handled: answers woken fetches. Another thread
  /// calls run_sync() of these partitions, which then come back through finish_sync().
  [[nodiscard]] std::vector<Partition*> end_burst();
  void finish_sync(Partition& partition);

  /// A step of a compaction on which another thread is to call run(), or null. To be called
  /// after each burst, and when a step has run.
  [[nodiscard]] storage::Compaction* next_compaction_step() { return compactor_.next_step(); }

  /// Does what is due by the clock. Call it at next_due_ms() or earlier.
  void tick();
  [[nodiscard]] int64_t next_due_ms() const;

  /// False while too many answers wait for the disk: leave requests in their sockets until then.
  [[nodiscard]] bool wants_requests() const;

  /// Answers every parked fetch, and ends compaction; the partitions are as end_burst() gives them.
  /// When !busy() all was answered. To be called again until then.
  [[nodiscard]] std::vector<Partition*> shut_down();
  [[nodiscard]] bool busy() const { return topics_.active().busy() || compactor_.is_running(); }

 private:
  template <class Handler, class Request>
  static constexpr bool takes() {
    using Reply = typename Request::Reply;
    return requires(Handler & handler, Request & request, Responder<Reply> & responder) {
      handler.handle(std::move(request), std::move(responder));
    };
  }
  void load_groups();
  /// What could not be opened or loaded for want of descriptors, memory or room.
  void try_again();
  void note_partitions();
  void topics_changed();
  void measure();
  void measure_compaction();

  TopicStore& topics_;
  const Clock& clock_;
  BrokerMetrics& metrics_;
  Health& health_;
  BrokerOptions options_;

  Catalog catalog_;
  DiskReserve reserve_;
  Compactor compactor_;
  groups::OffsetsJournal journal_;
  groups::Coordinator coordinator_;
  FetchHandler fetches_;
  ProduceHandler produces_;
  TopicHandler topic_api_;
  GroupHandler group_api_;

  std::optional<Error> groups_damaged_;
  int64_t group_tick_due_ms_ = 0;
  int64_t measure_due_ms_ = 0;
  int64_t retention_due_ms_ = 0;
};

template <class Request>
void Broker::handle(Request request, Responder<typename Request::Reply> responder) {
  const auto hand_to = [&]<class... Handler>(Handler&... handlers) {
    static_assert((takes<Handler, Request>() + ...) == 1, "exactly one handler takes a request");
    const auto try_one = [&]<class H>(H& handler) {
      if constexpr (takes<H, Request>()) handler.handle(std::move(request), std::move(responder));
    };
    (try_one(handlers), ...);
  };
  hand_to(fetches_, topic_api_, group_api_);
}

}  // namespace hailstorm::broker
