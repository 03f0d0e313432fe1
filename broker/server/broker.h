#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "broker/groups/coordinator.h"
#include "broker/groups/offsets_journal.h"
#include "broker/partition/disk_reserve.h"
#include "broker/partition/topic_store.h"
#include "broker/server/broker_metrics.h"
#include "broker/server/catalog.h"
#include "broker/server/descriptors.h"
#include "broker/server/fetch_handler.h"
#include "broker/server/group_handler.h"
#include "broker/server/health.h"
#include "broker/server/produce_handler.h"
#include "broker/server/reply.h"
#include "broker/server/topic_handler.h"
#include "common/base/clock.h"

namespace hailstorm::broker {

struct BrokerOptions {
  groups::CoordinatorOptions groups;
  FetchLimits fetch;
  int64_t max_waiting_acks = 100'000;  // above it no request is taken until some batch is durable
  int64_t retention_interval_ms = 5'000;  // and of compacting the groups' topic
  int64_t offsets_segment_bytes = 16 << 20;
  // Room on the disk that producers are not given, and at most a twentieth of it.
  int64_t disk_reserve_bytes = 16 << 20;
  // Of answers about groups that wait for the disk; above it no request is taken either.
  int64_t max_waiting_group_bytes = 16 << 20;
  Descriptors* descriptors = nullptr;  // null: partitions may have as many as they need
};

/// The broker as a state machine on a clock: requests go in, answers and syncs come out. It
/// knows neither sockets nor threads, so that a test can be its network, its disk's second thread
/// and its time.
///
/// Thread safety: not safe; one thread owns it. The references must remain live while it is in use.
class Broker {
 public:
  Broker(TopicStore& topics, const Clock& clock, ReplySink& replies, BrokerMetrics& metrics,
         Health& health, BrokerOptions options = {});

  /// Reads the groups' offsets back. If they are damaged the broker serves everything but groups,
  /// and says so.
  void load();

  /// One message: the request's header and body, for a produce also its batch. Whatever the bytes
  /// are, it answers with an error or drops them. The batch's bytes are changed; none is used after
  /// the return.
  void handle(const PeerId& peer, std::span<const MutableBytes> frames);

  /// What to do where handle() ran out of memory: answers so, if that is possible.
  void refuse_for_memory(const PeerId& peer, std::span<const MutableBytes> frames);

  /// To be called when a burst of messages was handled: answers woken fetches. Another thread
  /// calls run_sync() of these partitions, which then come back through finish_sync().
  [[nodiscard]] std::vector<Partition*> end_burst();
  void finish_sync(Partition& partition);

  /// Does what is due by the clock. Call it at next_due_ms() or earlier.
  void tick();
  [[nodiscard]] int64_t next_due_ms() const;

  /// False while too many answers wait for the disk: leave requests in the socket until then.
  [[nodiscard]] bool wants_requests() const;

  /// Answers every parked fetch; the partitions are as end_burst() gives them. When
  /// their syncs are finished all was answered.
  [[nodiscard]] std::vector<Partition*> shut_down();
  [[nodiscard]] bool busy() const { return topics_.active().busy(); }

 private:
  void dispatch(const Caller& caller, Bytes body, std::span<const MutableBytes> frames);
  template <class Request, class Reply, class Handler>
  void decode_and(const Caller& caller, Bytes body, Handler&& handler);
  void reject(const PeerId& peer, Bytes frame, const Error& error);
  void refuse_frame(const PeerId& peer, Bytes frame, wire::ErrorCode code, std::string message);
  void load_groups();
  /// What could not be opened or loaded for want of descriptors, memory or room.
  void try_again();
  void note_partitions();
  void topics_changed();
  void measure();

  TopicStore& topics_;
  const Clock& clock_;
  ReplySink& replies_;
  BrokerMetrics& metrics_;
  Health& health_;
  BrokerOptions options_;

  Catalog catalog_;
  DiskReserve reserve_;
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

}  // namespace hailstorm::broker
