#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/uuid.h"
#include "common/log/types.h"
#include "common/wire/limits.h"

namespace hailstorm::log {

struct TopicSettings {
  int32_t partitions = 4;
  int64_t segment_bytes = int64_t{64} << 20;
  int64_t retention_ms = -1;
  int64_t retention_bytes = -1;
  bool flush_always = true;
  int64_t flush_interval_ms = 1000;
  int32_t max_batch_bytes = wire::kMaxBatchBytes;  // a record that needs more is refused
};

/// A topic's setting by Kafka's name for it.
struct NamedSetting {
  std::string name;
  std::string value;
  bool is_default = false;  // nobody gave it; to be set: back to its default
};

struct PartitionInfo {
  int32_t partition = 0;
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t size_bytes = 0;
  std::string error;       // not empty: it takes no writes now, and why
  bool is_closed = false;  // until the broker is started again
};
struct TopicInfo {
  std::string name;
  Uuid topic_id;  // for the life of the topic
  TopicSettings settings;
  std::vector<PartitionInfo> partitions;
};

struct GroupInfo {
  std::string group;
  std::string state;
  int32_t epoch = 0;
  int32_t member_count = 0;
};
struct GroupMemberInfo {
  std::string member_id;
  std::string instance_id;
  int32_t member_epoch = 0;
  std::vector<TopicPartition> assigned;
};
struct GroupPartitionInfo {
  TopicPartition id;
  int64_t committed_offset = -1;  // -1: none
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t lag = 0;
  std::string owner;
};
struct GroupDescription {
  GroupInfo info;
  std::vector<GroupMemberInfo> members;
  std::vector<GroupPartitionInfo> partitions;
};

struct FoundOffsets {
  std::vector<Position> positions;
  std::vector<ClosedPartition> closed;  // nothing is known of these
};

inline constexpr int64_t kLatest = -1;
inline constexpr int64_t kEarliest = -2;

struct RewoundGroup {
  int32_t epoch = 0;             // of the group from now on
  std::vector<Position> before;  // where the group was, in the order of the request; -1: nowhere
};

/// Administration. Every call waits for its answer.
///
/// Thread safety: not safe.
class Admin {
 public:
  virtual ~Admin() = default;

  /// True: it was created. False: it existed already, with whatever settings, which is no error.
  [[nodiscard]] virtual Result<bool> create_topic(const std::string& name,
                                                  const TopicSettings& settings) = 0;
  [[nodiscard]] virtual Status delete_topic(const std::string& name) = 0;
  /// Settings by Kafka's names for them; what is not named stays. Gives all of the topic's settings
  /// as they are then. Error refused: no such topic or setting, a value that it may not have, or
  /// the broker is too old.
  [[nodiscard]] virtual Result<std::vector<NamedSetting>> alter_topic(
      const std::string& name, const std::vector<NamedSetting>& settings) = 0;
  /// The partition's log begins at `before_offset` from now on; kLatest: at its end. Gives where it
  /// begins. Error refused: there is no such partition or offset, or the broker is too old.
  [[nodiscard]] virtual Result<int64_t> delete_records(const TopicPartition& id,
                                                       int64_t before_offset) = 0;
  [[nodiscard]] virtual Status create_partitions(const std::string& name, int32_t total) = 0;
  /// No names: all topics.
  [[nodiscard]] virtual Result<std::vector<TopicInfo>> describe_topics(
      const std::vector<std::string>& names) = 0;
  /// timestamp_ms: kLatest, kEarliest, or a time: the first offset at or after it.
  [[nodiscard]] virtual Result<FoundOffsets> offsets_at(
      const std::vector<TopicPartition>& partitions, int64_t timestamp_ms) = 0;

  [[nodiscard]] virtual Result<std::vector<GroupInfo>> list_groups() = 0;
  [[nodiscard]] virtual Result<GroupDescription> describe_group(const std::string& group) = 0;
  /// Error refused: the group has live members.
  [[nodiscard]] virtual Status reset_offsets(const std::string& group,
                                             const std::vector<Position>& positions) = 0;
  /// The same also while members live: they go on from these positions, and their commits of
  /// records that were handed out before are fenced. Either all positions count or none. Sent
  /// again where no answer comes, which does no harm. Error refused, too: the broker is too old.
  [[nodiscard]] virtual Result<RewoundGroup> rewind_group(
      const std::string& group, const std::vector<Position>& positions) = 0;
  [[nodiscard]] virtual Status delete_group(const std::string& group) = 0;
};

}  // namespace hailstorm::log
