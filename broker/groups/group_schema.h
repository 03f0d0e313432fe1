#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/groups/offsets_schema.h"
#include "common/base/uuid.h"

/// The values of the records about a group, its members and their assignment: all records of
/// `__consumer_offsets` but the committed offsets.
namespace hailstorm::groups {

/// Kafka's group records name topics by id. Records from before topics had ids have this one, which
/// is made of the name (RFC 9562 version 8).
[[nodiscard]] Uuid id_before_ids(std::string_view name);

/// A topic as a record about a group has it.
struct RecordedTopic {
  Uuid id;
  std::string name;
  int32_t partitions = 0;
};

struct GroupMetadataValue {
  int32_t epoch = 0;
  std::vector<RecordedTopic>
      first_seen;  // Hailstorm's own: a tagged field that Kafka's readers skip
};

struct PartitionMetadataValue {
  std::vector<RecordedTopic> topics;
};

struct MemberMetadataValue {
  std::string instance_id;  // empty: dynamic
  std::string rack_id{};    // empty: none, as with the pattern and the assignor
  std::string client_id{};
  std::string client_host{};
  std::vector<std::string> topics;
  std::string topic_pattern{};
  std::string assignor{};
  int32_t rebalance_timeout_ms = -1;
  int32_t session_timeout_ms = 0;  // Hailstorm's own: a tagged field that Kafka's readers skip
};

struct TargetMetadataValue {
  int32_t epoch = 0;
};

struct TopicPartitions {
  Uuid topic;
  std::vector<int32_t> partitions;
  /// The epoch since which the member has had each partition (KIP-1251); empty where not kept.
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

[[nodiscard]] std::string encode(const GroupMetadataValue& value);
[[nodiscard]] std::string encode(const PartitionMetadataValue& value);
[[nodiscard]] std::string encode(const MemberMetadataValue& value);
[[nodiscard]] std::string encode(const TargetMetadataValue& value);
[[nodiscard]] std::string encode(const TargetMemberValue& value);
[[nodiscard]] std::string encode(const CurrentMemberValue& value);

template <>
[[nodiscard]] Result<GroupMetadataValue> decode_value(std::string_view bytes);
template <>
[[nodiscard]] Result<PartitionMetadataValue> decode_value(std::string_view bytes);
template <>
[[nodiscard]] Result<MemberMetadataValue> decode_value(std::string_view bytes);
template <>
[[nodiscard]] Result<TargetMetadataValue> decode_value(std::string_view bytes);
template <>
[[nodiscard]] Result<TargetMemberValue> decode_value(std::string_view bytes);
template <>
[[nodiscard]] Result<CurrentMemberValue> decode_value(std::string_view bytes);

}  // namespace hailstorm::groups
