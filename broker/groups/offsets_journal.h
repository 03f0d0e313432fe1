#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "broker/groups/coordinator.h"
#include "broker/groups/group_journal.h"
#include "broker/partition/topic_store.h"
#include "common/base/clock.h"

namespace hailstorm::groups {

inline constexpr const char* kOffsetsTopic = "__consumer_offsets";

/// The coordinator's journal in the topic `__consumer_offsets`: a group's records all lie in the
/// partition that Kafka would choose, abs(hashCode(group)) mod partitions. What is superseded goes
/// by whole segments: everything that still counts is written again at the end, and what lies
/// before that is dropped.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class OffsetsJournal final : public GroupJournal {
 public:
  /// `segment_bytes`: of the topic, if it is made now.
  OffsetsJournal(broker::TopicStore& topics, const Clock& clock, int64_t segment_bytes)
      : topics_(topics), clock_(clock), segment_bytes_(segment_bytes) {}

  /// Makes the topic if it is missing, then hands every record to `coordinator`, oldest first.
  /// Error: a partition is damaged or holds what the coordinator cannot read; then nothing may be
  /// answered from it.
  [[nodiscard]] Status replay_into(Coordinator& coordinator);

  [[nodiscard]] Status append(const std::string& group, std::vector<Entry> entries,
                              std::function<void(const Status&)> durable) override;

  /// What was appended is durable once it returned.
  [[nodiscard]] Status sync();

  /// Compacts what has grown by more than two segments beyond what counted last time. Call it every
  /// few seconds. REQUIRES: all of the journal was replayed into `coordinator`.
  void compact(const Coordinator& coordinator);

 private:
  struct Compaction {
    bool is_under_way = false;
    int64_t live_bytes = 0;  // what counted last time
    int64_t not_before_ms = 0;
  };
  [[nodiscard]] Status ensure_topic();
  [[nodiscard]] Result<storage::Appended> write(broker::Partition& partition,
                                                std::span<const Entry> entries) const;
  [[nodiscard]] Result<storage::Appended> write_all(broker::Partition& partition,
                                                    std::span<const Entry> entries) const;
  void compact(broker::Partition& partition, std::span<const Entry> live);
  void drop_superseded(broker::Partition& partition, int64_t before_offset);

  broker::TopicStore& topics_;
  const Clock& clock_;
  const int64_t segment_bytes_;
  std::map<int32_t, Compaction> compactions_;  // by partition
};

/// Hands every durable record of one partition of the topic to `coordinator`, oldest first. Errors:
/// as OffsetsJournal::replay_into().
[[nodiscard]] Status replay_log(storage::Log& log, Coordinator& coordinator);

/// Java's String.hashCode for UTF-8 text of one byte per character (others count by their bytes),
/// made positive as Kafka does, modulo `partitions`.
[[nodiscard]] int32_t offsets_partition(const std::string& group, int32_t partitions);

}  // namespace hailstorm::groups
