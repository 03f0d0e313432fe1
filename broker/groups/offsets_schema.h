#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/uuid.h"

/// The records of `__consumer_offsets` as Kafka 4.0 writes them: keys begin with a version that
/// says what the record is, values with the version of their own layout.
namespace hailstorm::groups {

enum class SchemaErrc { unreadable_key, unreadable_value };
[[nodiscard]] std::string_view name_of(SchemaErrc code);

/// Stored: do not renumber.
enum class RecordKind : int16_t {
  offset_commit = 1,
  group_metadata = 3,
  partition_metadata = 4,
  member_metadata = 5,
  target_metadata = 6,
  target_member = 7,
  current_member = 8,
};

/// `topic` and `partition` only with offset_commit; `member_id` only with the three kinds that
/// are kept per member.
struct RecordKey {
  RecordKind kind = RecordKind::offset_commit;
  std::string group;
  std::string topic;
  int32_t partition = 0;
  std::string member_id;
  friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};
/// REQUIRES: every string has at most 32767 bytes.
[[nodiscard]] std::string encode(const RecordKey& key);
/// Nothing: a kind that is not kept here (classic groups, share groups); to be skipped, as Kafka
/// does. Error unreadable_key.
[[nodiscard]] Result<std::optional<RecordKey>> decode_key(std::string_view bytes);

struct OffsetCommitValue {
  int64_t offset = -1;
  int32_t leader_epoch = -1;
  std::string metadata;
  int64_t commit_timestamp_ms = 0;
  Uuid topic_id{};  // zero: written before topics had ids
};

struct GroupMetadataValue {
  struct Topic {
    Uuid id;
    std::string name;
    int32_t partitions = 0;
  };
  int32_t epoch = 0;
  std::vector<Topic> first_seen;  // ours, as a tagged field that Kafka's readers skip
};

/// Kafka's group records name topics by id. Before topics had ids, the records had this one in the
/// place, which the name alone gives (RFC 9562 version 8).
[[nodiscard]] Uuid id_before_ids(std::string_view name);

struct PartitionMetadataValue {
  struct Topic {
    Uuid id;
    std::string name;
    int32_t partitions = 0;
  };
  std::vector<Topic> topics;
};

struct MemberMetadataValue {
  std::string instance_id;  // empty: dynamic
  std::vector<std::string> topics;
  int32_t rebalance_timeout_ms = -1;
  int32_t session_timeout_ms = 0;  // ours, as a tagged field that Kafka's readers skip
};

struct TargetMetadataValue {
  int32_t epoch = 0;
};

struct TopicPartitions {
  Uuid topic;
  std::vector<int32_t> partitions;
  /// Since which epoch the member has each partition (KIP-1251); empty where that is not kept.
  std::vector<int32_t> epochs;
};
struct TargetMemberValue {
  std::vector<TopicPartitions> topics;
};

/// Stored: do not renumber.
enum class MemberState : int8_t { stable = 0, unrevoked_partitions = 1, unreleased_partitions = 2 };
struct CurrentMemberValue {
  int32_t epoch = 0;
  int32_t previous_epoch = 0;
  MemberState state = MemberState::stable;
  std::vector<TopicPartitions> assigned;
  std::vector<TopicPartitions> revoking;
};

[[nodiscard]] std::string encode(const OffsetCommitValue& value);
[[nodiscard]] std::string encode(const GroupMetadataValue& value);
[[nodiscard]] std::string encode(const PartitionMetadataValue& value);
[[nodiscard]] std::string encode(const MemberMetadataValue& value);
[[nodiscard]] std::string encode(const TargetMetadataValue& value);
[[nodiscard]] std::string encode(const TargetMemberValue& value);
[[nodiscard]] std::string encode(const CurrentMemberValue& value);

/// Value is one of the structures above. Error unreadable_value: another version, cut short, or
/// bytes left over.
template <class Value>
[[nodiscard]] Result<Value> decode_value(std::string_view bytes);

}  // namespace hailstorm::groups
