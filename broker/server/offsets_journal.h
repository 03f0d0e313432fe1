#pragma once

#include <functional>
#include <string>
#include <vector>

#include "broker/groups/coordinator.h"
#include "broker/server/commit_queue.h"
#include "broker/storage/topic_store.h"
#include "common/base/clock.h"

namespace hailstorm::broker {

inline constexpr const char* kOffsetsTopic = "__consumer_offsets";

/// The coordinator's journal in the topic `__consumer_offsets`: a group's records all lie in the
/// partition that Kafka would choose, abs(hashCode(group)) mod partitions.
///
/// Thread safety: not safe; the broker's thread owns it. The references must remain live while it
/// is in use.
class OffsetsJournal final : public groups::GroupJournal {
 public:
  OffsetsJournal(storage::TopicStore& topics, CommitQueue& commits, const Clock& clock)
      : topics_(topics), commits_(commits), clock_(clock) {}

  /// Makes the topic if it is missing, then hands every record to `coordinator`, oldest first.
  /// Error: a partition is damaged or holds what the coordinator cannot read; then nothing may be
  /// answered from it.
  [[nodiscard]] Status replay_into(groups::Coordinator& coordinator);

  [[nodiscard]] Status append(const std::string& group, std::vector<Entry> entries,
                              std::function<void(const Status&)> durable) override;

 private:
  [[nodiscard]] Status ensure_topic();

  storage::TopicStore& topics_;
  CommitQueue& commits_;
  const Clock& clock_;
};

/// Hands every record of one partition of the topic to `coordinator`, oldest first. Errors: as
/// OffsetsJournal::replay_into().
[[nodiscard]] Status replay_partition(storage::PartitionLog& log,
                                      groups::Coordinator& coordinator);

/// Java's String.hashCode for UTF-8 text of one byte per character (others count by their bytes),
/// made positive as Kafka does, modulo `partitions`.
[[nodiscard]] int32_t offsets_partition(const std::string& group, int32_t partitions);

}  // namespace hailstorm::broker
