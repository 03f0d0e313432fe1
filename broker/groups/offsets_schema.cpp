#include "broker/groups/offsets_schema.h"

#include <utility>

#include "broker/groups/versioned_value.h"
#include "common/kafka/primitives.h"

namespace hailstorm::groups {
namespace {

constexpr int16_t kOffsetValueVersion = 4;
constexpr int16_t kOffsetValueVersionWithoutIds = 3;
constexpr uint64_t kTopicIdTag = 0;

bool has_member(RecordKind kind) {
  return kind == RecordKind::member_metadata || kind == RecordKind::target_member ||
         kind == RecordKind::current_member;
}

/// False: no reader for that version.
bool read_offset_commit(kafka::Reader& from, int16_t version, OffsetCommitValue& value) {
  if (version != kOffsetValueVersion && version != kOffsetValueVersionWithoutIds) return false;
  const bool has_ids = version >= kOffsetValueVersion;
  value.offset = from.integer<int64_t>();
  value.leader_epoch = from.integer<int32_t>();
  value.metadata = has_ids ? from.compact_string() : from.string();
  value.commit_timestamp_ms = from.integer<int64_t>();
  if (!has_ids) return true;
  from.tags([&](uint64_t tag, std::string_view content) {
    if (tag != kTopicIdTag) return;
    kafka::Reader id(content);
    value.topic_id = id.uuid();
    if (!id.finished()) from.fail();
  });
  return true;
}

}  // namespace

std::string encode(const RecordKey& key) {
  kafka::Writer to;
  to.integer(static_cast<int16_t>(key.kind)).string(key.group);
  if (key.kind == RecordKind::offset_commit) to.string(key.topic).integer(key.partition);
  if (has_member(key.kind)) to.string(key.member_id);
  return to.take();
}

Result<std::optional<RecordKey>> decode_key(std::string_view bytes) {
  kafka::Reader from(bytes);
  const auto version = from.integer<int16_t>();
  RecordKey key;
  const bool is_group_kind = version >= 2 && version <= 8;
  if (!from.failed() && version != 0 && version != 1 && !is_group_kind) {
    return std::optional<RecordKey>();
  }
  if (is_group_kind) key.kind = static_cast<RecordKind>(version);
  key.group = from.string();
  if (key.kind == RecordKind::offset_commit) {
    key.topic = from.string();
    key.partition = from.integer<int32_t>();
  }
  if (has_member(key.kind)) key.member_id = from.string();
  if (!from.finished()) {
    return Error(SchemaErrc::unreadable_key, "a key of " + std::to_string(bytes.size()) +
                                                 " bytes with version " + std::to_string(version) +
                                                 " is cut short or has bytes left over");
  }
  return std::optional<RecordKey>(std::move(key));
}

std::string encode(const OffsetCommitValue& value) {
  kafka::Writer to;
  const auto begin = [&](int16_t version) {
    to.integer(version).integer(value.offset).integer(value.leader_epoch);
  };
  if (value.topic_id.is_zero()) {
    begin(kOffsetValueVersionWithoutIds);
    return to.string(value.metadata).integer(value.commit_timestamp_ms).take();
  }
  begin(kOffsetValueVersion);
  to.compact_string(value.metadata).integer(value.commit_timestamp_ms);
  return to.one_tag(kTopicIdTag, as_text(value.topic_id.bytes)).take();
}

template <>
Result<OffsetCommitValue> decode_value(std::string_view bytes) {
  return decode_versioned<OffsetCommitValue>(bytes, read_offset_commit);
}

}  // namespace hailstorm::groups
