#include "broker/groups/group_schema.h"

#include "broker/groups/versioned_value.h"
#include "common/kafka/primitives.h"

namespace hailstorm::groups {
namespace {

constexpr int16_t kGroupValueVersion = 0;
constexpr int32_t kMaxPartitions = 10'000;  // of a topic that a group may have known
constexpr uint64_t kAssignmentEpochsTag = 0;
// Far away from those that Kafka may assign.
constexpr uint64_t kSessionTimeoutTag = 10'000;
constexpr uint64_t kFirstSeenTag = 10'000;

void write_numbers(kafka::Writer& to, const std::vector<int32_t>& numbers) {
  to.length(numbers.size());
  for (const int32_t number : numbers) to.integer(number);
}

std::vector<int32_t> read_numbers(kafka::Reader& from) {
  std::vector<int32_t> numbers(from.length());
  for (int32_t& number : numbers) number = from.integer<int32_t>();
  return numbers;
}

void write_nullable(kafka::Writer& to, const std::string& text) {
  if (text.empty()) {
    to.null_compact_string();
  } else {
    to.compact_string(text);
  }
}

void write_topics(kafka::Writer& to, const std::vector<TopicPartitions>& topics) {
  to.length(topics.size());
  for (const TopicPartitions& topic : topics) {
    to.uuid(topic.topic);
    write_numbers(to, topic.partitions);
    if (topic.epochs.empty()) {
      to.no_tags();
    } else {
      kafka::Writer epochs;
      write_numbers(epochs, topic.epochs);
      to.one_tag(kAssignmentEpochsTag, epochs.take());
    }
  }
}

std::vector<TopicPartitions> read_topics(kafka::Reader& from) {
  std::vector<TopicPartitions> topics(from.length());
  for (TopicPartitions& topic : topics) {
    topic.topic = from.uuid();
    topic.partitions = read_numbers(from);
    from.tags([&](uint64_t tag, std::string_view content) {
      if (tag != kAssignmentEpochsTag) return;
      kafka::Reader epochs(content);
      topic.epochs = read_numbers(epochs);
      if (!epochs.finished() || topic.epochs.size() != topic.partitions.size()) from.fail();
    });
  }
  return topics;
}

void write_recorded(kafka::Writer& to, const RecordedTopic& topic) {
  to.uuid(topic.id).compact_string(topic.name).integer(topic.partitions);
}

void read_recorded(kafka::Reader& from, RecordedTopic& topic) {
  topic.id = from.uuid();
  topic.name = from.compact_string();
  topic.partitions = from.integer<int32_t>();
}

void read(kafka::Reader& from, GroupMetadataValue& value) {
  value.epoch = from.integer<int32_t>();
  from.tags([&](uint64_t tag, std::string_view content) {
    if (tag != kFirstSeenTag) return;
    kafka::Reader topics(content);
    value.first_seen.resize(topics.length());
    for (auto& topic : value.first_seen) read_recorded(topics, topic);
    if (!topics.finished()) from.fail();
  });
}

void read(kafka::Reader& from, PartitionMetadataValue& value) {
  value.topics.resize(from.length());
  for (auto& topic : value.topics) {
    read_recorded(from, topic);
    // Each of them costs memory when the group is described.
    if (topic.partitions < 0 || topic.partitions > kMaxPartitions) from.fail();
    const size_t racks = from.length();
    if (racks != 0) from.fail();  // Hailstorm writes none
    from.skip_tags();
  }
  from.skip_tags();
}

void read(kafka::Reader& from, MemberMetadataValue& value) {
  value.instance_id = from.compact_string();
  value.rack_id = from.compact_string();
  value.client_id = from.compact_string();
  value.client_host = from.compact_string();
  value.topics.resize(from.length());
  for (std::string& topic : value.topics) topic = from.compact_string();
  value.topic_pattern = from.compact_string();
  value.rebalance_timeout_ms = from.integer<int32_t>();
  value.assignor = from.compact_string();
  from.tags([&](uint64_t tag, std::string_view content) {
    if (tag != kSessionTimeoutTag) return;
    kafka::Reader timeout(content);
    value.session_timeout_ms = timeout.integer<int32_t>();
    if (!timeout.finished()) from.fail();
  });
}

void read(kafka::Reader& from, TargetMetadataValue& value) {
  value.epoch = from.integer<int32_t>();
  from.skip_tags();
}

void read(kafka::Reader& from, TargetMemberValue& value) {
  value.topics = read_topics(from);
  from.skip_tags();
}

void read(kafka::Reader& from, CurrentMemberValue& value) {
  value.epoch = from.integer<int32_t>();
  value.previous_epoch = from.integer<int32_t>();
  value.state = static_cast<MemberState>(from.integer<int8_t>());
  value.assigned = read_topics(from);
  value.revoking = read_topics(from);
  from.skip_tags();
}

template <class Value>
Result<Value> decode_group_value(std::string_view bytes) {
  return decode_versioned<Value>(bytes, [](kafka::Reader& from, int16_t version, Value& value) {
    if (version != kGroupValueVersion) return false;
    read(from, value);
    return true;
  });
}

}  // namespace

Uuid id_before_ids(std::string_view name) {
  // FNV-1a twice, the second time with another initial value.
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

std::string encode(const GroupMetadataValue& value) {
  kafka::Writer to;
  to.integer(kGroupValueVersion).integer(value.epoch);
  if (value.first_seen.empty()) return to.no_tags().take();
  kafka::Writer topics;
  topics.length(value.first_seen.size());
  for (const auto& topic : value.first_seen) write_recorded(topics, topic);
  return to.one_tag(kFirstSeenTag, topics.take()).take();
}

std::string encode(const PartitionMetadataValue& value) {
  kafka::Writer to;
  to.integer(kGroupValueVersion).length(value.topics.size());
  for (const auto& topic : value.topics) {
    write_recorded(to, topic);
    to.length(0).no_tags();
  }
  return to.no_tags().take();
}

std::string encode(const MemberMetadataValue& value) {
  kafka::Writer to;
  to.integer(kGroupValueVersion);
  write_nullable(to, value.instance_id);
  write_nullable(to, value.rack_id);
  to.compact_string(value.client_id).compact_string(value.client_host);
  to.length(value.topics.size());
  for (const std::string& topic : value.topics) to.compact_string(topic);
  write_nullable(to, value.topic_pattern);
  to.integer(value.rebalance_timeout_ms);
  write_nullable(to, value.assignor);
  kafka::Writer timeout;
  timeout.integer(value.session_timeout_ms);
  return to.one_tag(kSessionTimeoutTag, timeout.take()).take();
}

std::string encode(const TargetMetadataValue& value) {
  return kafka::Writer().integer(kGroupValueVersion).integer(value.epoch).no_tags().take();
}

std::string encode(const TargetMemberValue& value) {
  kafka::Writer to;
  to.integer(kGroupValueVersion);
  write_topics(to, value.topics);
  return to.no_tags().take();
}

std::string encode(const CurrentMemberValue& value) {
  kafka::Writer to;
  to.integer(kGroupValueVersion).integer(value.epoch).integer(value.previous_epoch);
  to.integer(static_cast<int8_t>(value.state));
  write_topics(to, value.assigned);
  write_topics(to, value.revoking);
  return to.no_tags().take();
}

template <>
Result<GroupMetadataValue> decode_value(std::string_view bytes) {
  return decode_group_value<GroupMetadataValue>(bytes);
}
template <>
Result<PartitionMetadataValue> decode_value(std::string_view bytes) {
  return decode_group_value<PartitionMetadataValue>(bytes);
}
template <>
Result<MemberMetadataValue> decode_value(std::string_view bytes) {
  return decode_group_value<MemberMetadataValue>(bytes);
}
template <>
Result<TargetMetadataValue> decode_value(std::string_view bytes) {
  return decode_group_value<TargetMetadataValue>(bytes);
}
template <>
Result<TargetMemberValue> decode_value(std::string_view bytes) {
  return decode_group_value<TargetMemberValue>(bytes);
}
template <>
Result<CurrentMemberValue> decode_value(std::string_view bytes) {
  return decode_group_value<CurrentMemberValue>(bytes);
}

}  // namespace hailstorm::groups
