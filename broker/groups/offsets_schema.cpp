#include "broker/groups/offsets_schema.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "broker/groups/schema_bytes.h"
#include "common/base/enum_name.h"

namespace hailstorm::groups {
namespace {

constexpr int16_t kOffsetValueVersion = 4;
constexpr int16_t kOffsetValueVersionWithoutIds = 3;
constexpr int16_t kGroupValueVersion = 0;
constexpr int32_t kMaxPartitions = 10'000;  // of a topic that a group may have known
constexpr uint64_t kTopicIdTag = 0;
constexpr uint64_t kAssignmentEpochsTag = 0;
// Far away from those that Kafka may give out.
constexpr uint64_t kSessionTimeoutTag = 10'000;
constexpr uint64_t kFirstSeenTag = 10'000;

bool has_member(RecordKind kind) {
  return kind == RecordKind::member_metadata || kind == RecordKind::target_member ||
         kind == RecordKind::current_member;
}

void write_id(SchemaWriter& to, const Uuid& id) { to.raw(as_text(id.bytes)); }

void read_id(SchemaReader& from, Uuid& id) {
  const Bytes bytes = from.take(id.bytes.size());
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
}

void write_numbers(SchemaWriter& to, const std::vector<int32_t>& numbers) {
  to.length(numbers.size());
  for (const int32_t number : numbers) to.integer(number);
}

std::vector<int32_t> read_numbers(SchemaReader& from) {
  std::vector<int32_t> numbers(from.length());
  for (int32_t& number : numbers) number = from.integer<int32_t>();
  return numbers;
}

void write_topics(SchemaWriter& to, const std::vector<TopicPartitions>& topics) {
  to.length(topics.size());
  for (const TopicPartitions& topic : topics) {
    write_id(to, topic.topic);
    write_numbers(to, topic.partitions);
    if (topic.epochs.empty()) {
      to.no_tags();
    } else {
      SchemaWriter epochs;
      write_numbers(epochs, topic.epochs);
      to.one_tag(kAssignmentEpochsTag, epochs.take());
    }
  }
}

std::vector<TopicPartitions> read_topics(SchemaReader& from) {
  std::vector<TopicPartitions> topics(from.length());
  for (TopicPartitions& topic : topics) {
    read_id(from, topic.topic);
    topic.partitions = read_numbers(from);
    from.tags([&](uint64_t tag, std::string_view content) {
      if (tag != kAssignmentEpochsTag) return;
      SchemaReader epochs(content);
      topic.epochs = read_numbers(epochs);
      if (!epochs.finished() || topic.epochs.size() != topic.partitions.size()) from.fail();
    });
  }
  return topics;
}

void read(SchemaReader& from, int16_t version, OffsetCommitValue& value) {
  const bool has_ids = version >= kOffsetValueVersion;
  value.offset = from.integer<int64_t>();
  value.leader_epoch = from.integer<int32_t>();
  value.metadata = has_ids ? from.compact_string() : from.string();
  value.commit_timestamp_ms = from.integer<int64_t>();
  if (!has_ids) return;
  from.tags([&](uint64_t tag, std::string_view content) {
    if (tag != kTopicIdTag) return;
    SchemaReader id(content);
    read_id(id, value.topic_id);
    if (!id.finished()) from.fail();
  });
}

void write_first_seen(SchemaWriter& to, const std::vector<GroupMetadataValue::Topic>& topics) {
  to.length(topics.size());
  for (const auto& topic : topics) {
    write_id(to, topic.id);
    to.compact_string(topic.name).integer(topic.partitions);
  }
}

std::vector<GroupMetadataValue::Topic> read_first_seen(SchemaReader& from) {
  std::vector<GroupMetadataValue::Topic> topics(from.length());
  for (auto& topic : topics) {
    read_id(from, topic.id);
    topic.name = from.compact_string();
    topic.partitions = from.integer<int32_t>();
  }
  return topics;
}

void read(SchemaReader& from, GroupMetadataValue& value) {
  value.epoch = from.integer<int32_t>();
  from.tags([&](uint64_t tag, std::string_view content) {
    if (tag != kFirstSeenTag) return;
    SchemaReader topics(content);
    value.first_seen = read_first_seen(topics);
    if (!topics.finished()) from.fail();
  });
}

void read(SchemaReader& from, PartitionMetadataValue& value) {
  value.topics.resize(from.length());
  for (auto& topic : value.topics) {
    read_id(from, topic.id);
    topic.name = from.compact_string();
    topic.partitions = from.integer<int32_t>();
    // Each of them costs memory when the group is described.
    if (topic.partitions < 0 || topic.partitions > kMaxPartitions) from.fail();
    const size_t racks = from.length();
    if (racks != 0) from.fail();  // we never write any
    from.skip_tags();
  }
  from.skip_tags();
}

void read(SchemaReader& from, MemberMetadataValue& value) {
  value.instance_id = from.compact_string();
  from.compact_string();  // rack
  from.compact_string();  // client id
  from.compact_string();  // client host
  value.topics.resize(from.length());
  for (std::string& topic : value.topics) topic = from.compact_string();
  from.compact_string();  // subscribed regular expression
  value.rebalance_timeout_ms = from.integer<int32_t>();
  from.compact_string();  // assignor
  from.tags([&](uint64_t tag, std::string_view content) {
    if (tag != kSessionTimeoutTag) return;
    SchemaReader timeout(content);
    value.session_timeout_ms = timeout.integer<int32_t>();
    if (!timeout.finished()) from.fail();
  });
}

void read(SchemaReader& from, TargetMetadataValue& value) {
  value.epoch = from.integer<int32_t>();
  from.skip_tags();
}

void read(SchemaReader& from, TargetMemberValue& value) {
  value.topics = read_topics(from);
  from.skip_tags();
}

void read(SchemaReader& from, CurrentMemberValue& value) {
  value.epoch = from.integer<int32_t>();
  value.previous_epoch = from.integer<int32_t>();
  value.state = static_cast<MemberState>(from.integer<int8_t>());
  value.assigned = read_topics(from);
  value.revoking = read_topics(from);
  from.skip_tags();
}

/// False: no reader for that version.
template <class Value>
bool read_version(SchemaReader& from, int16_t version, Value& value) {
  if constexpr (std::is_same_v<Value, OffsetCommitValue>) {
    if (version != kOffsetValueVersion && version != kOffsetValueVersionWithoutIds) return false;
    read(from, version, value);
  } else {
    if (version != kGroupValueVersion) return false;
    read(from, value);
  }
  return true;
}

}  // namespace

std::string_view name_of(SchemaErrc code) { return enum_name(code); }

std::string encode(const RecordKey& key) {
  SchemaWriter to;
  to.integer(static_cast<int16_t>(key.kind)).string(key.group);
  if (key.kind == RecordKind::offset_commit) to.string(key.topic).integer(key.partition);
  if (has_member(key.kind)) to.string(key.member_id);
  return to.take();
}

Result<std::optional<RecordKey>> decode_key(std::string_view bytes) {
  SchemaReader from(bytes);
  const auto version = from.integer<int16_t>();
  RecordKey key;
  const bool is_group_kind = version >= 3 && version <= 8;
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

Uuid id_before_ids(std::string_view name) {
  // FNV-1a, once from its own start and once from another one.
  uint64_t halves[2] = {0xcbf29ce484222325, 0x9e3779b97f4a7c15};
  for (uint64_t& half : halves) {
    for (const char c : name) half = (half ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  }
  Uuid id;
  put_be(id.bytes.data(), halves[0]);
  put_be(id.bytes.data() + 8, halves[1]);
  id.bytes[6] = static_cast<uint8_t>((id.bytes[6] & 0x0f) | 0x80);
  id.bytes[8] = static_cast<uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

std::string encode(const OffsetCommitValue& value) {
  SchemaWriter to;
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

std::string encode(const GroupMetadataValue& value) {
  SchemaWriter to;
  to.integer(kGroupValueVersion).integer(value.epoch);
  if (value.first_seen.empty()) return to.no_tags().take();
  SchemaWriter topics;
  write_first_seen(topics, value.first_seen);
  return to.one_tag(kFirstSeenTag, topics.take()).take();
}

std::string encode(const PartitionMetadataValue& value) {
  SchemaWriter to;
  to.integer(kGroupValueVersion).length(value.topics.size());
  for (const auto& topic : value.topics) {
    write_id(to, topic.id);
    to.compact_string(topic.name).integer(topic.partitions).length(0).no_tags();
  }
  return to.no_tags().take();
}

std::string encode(const MemberMetadataValue& value) {
  SchemaWriter to;
  to.integer(kGroupValueVersion);
  if (value.instance_id.empty()) {
    to.null_string();
  } else {
    to.compact_string(value.instance_id);
  }
  to.null_string().compact_string("").compact_string("").length(value.topics.size());
  for (const std::string& topic : value.topics) to.compact_string(topic);
  to.null_string().integer(value.rebalance_timeout_ms).null_string();
  SchemaWriter timeout;
  timeout.integer(value.session_timeout_ms);
  return to.one_tag(kSessionTimeoutTag, timeout.take()).take();
}

std::string encode(const TargetMetadataValue& value) {
  return SchemaWriter().integer(kGroupValueVersion).integer(value.epoch).no_tags().take();
}

std::string encode(const TargetMemberValue& value) {
  SchemaWriter to;
  to.integer(kGroupValueVersion);
  write_topics(to, value.topics);
  return to.no_tags().take();
}

std::string encode(const CurrentMemberValue& value) {
  SchemaWriter to;
  to.integer(kGroupValueVersion).integer(value.epoch).integer(value.previous_epoch);
  to.integer(static_cast<int8_t>(value.state));
  write_topics(to, value.assigned);
  write_topics(to, value.revoking);
  return to.no_tags().take();
}

template <class Value>
Result<Value> decode_value(std::string_view bytes) {
  SchemaReader from(bytes);
  const auto version = from.integer<int16_t>();
  Value value;
  if (!read_version(from, version, value) || !from.finished()) {
    return Error(SchemaErrc::unreadable_value, "a value of " + std::to_string(bytes.size()) +
                                                   " bytes with version " +
                                                   std::to_string(version) + " cannot be read");
  }
  return value;
}

template Result<OffsetCommitValue> decode_value(std::string_view);
template Result<GroupMetadataValue> decode_value(std::string_view);
template Result<PartitionMetadataValue> decode_value(std::string_view);
template Result<MemberMetadataValue> decode_value(std::string_view);
template Result<TargetMetadataValue> decode_value(std::string_view);
template Result<TargetMemberValue> decode_value(std::string_view);
template Result<CurrentMemberValue> decode_value(std::string_view);

}  // namespace hailstorm::groups
