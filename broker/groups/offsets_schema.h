#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/groups/schema_error.h"
#include "common/base/result.h"
#include "common/base/uuid.h"

/// The records of `__consumer_offsets` as Kafka 4.0 writes them: keys begin with a version that
/// says what the record is, values with the version of their own layout.
namespace hailstorm::groups {

/// Stored: do not renumber.
enum class RecordKind : int16_t {
  offset_commit = 1,
  classic_group = 2,
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
/// Nothing: a kind that is not kept here (of share groups, say); to be skipped, as Kafka
/// does. Error unreadable_key.
[[nodiscard]] Result<std::optional<RecordKey>> decode_key(std::string_view bytes);

struct OffsetCommitValue {
  int64_t offset = -1;
  int32_t leader_epoch = -1;
  std::string metadata;
  int64_t commit_timestamp_ms = 0;
  Uuid topic_id{};  // zero: written before topics had ids
};
[[nodiscard]] std::string encode(const OffsetCommitValue& value);

/// Of OffsetCommitValue and of the values in group_schema.h. Error unreadable_value: another
/// version, cut short, or bytes left over.
template <class Value>
[[nodiscard]] Result<Value> decode_value(std::string_view bytes);
template <>
[[nodiscard]] Result<OffsetCommitValue> decode_value(std::string_view bytes);

}  // namespace hailstorm::groups
