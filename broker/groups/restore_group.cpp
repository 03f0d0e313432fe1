#include "broker/groups/restore_group.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/groups/classic_record.h"
#include "broker/groups/group_schema.h"

namespace hailstorm::groups {
namespace {

/// What was found of one member; the parts come in any order.
struct Found {
  std::optional<MemberMetadataValue> metadata;
  std::optional<TargetMemberValue> target;
  std::optional<CurrentMemberValue> current;
};

struct NamedTopic {
  std::string name;
  Uuid id;
};
/// By the id in the records.
using Names = std::map<Uuid, NamedTopic>;

Holdings holdings_of(const std::vector<TopicPartitions>& topics, const Names& names) {
  Holdings holdings;
  for (const TopicPartitions& topic : topics) {
    const auto name = names.find(topic.topic);
    if (name == names.end()) continue;
    for (size_t i = 0; i < topic.partitions.size(); ++i) {
      const int32_t since = topic.epochs.empty() ? 0 : topic.epochs[i];
      holdings[{name->second.name, topic.partitions[i], name->second.id}] = since;
    }
  }
  return holdings;
}

Member member_of(const std::string& id, const Found& found, const Names& names) {
  Member member;
  member.id = id;
  member.instance_id = found.metadata->instance_id;
  member.topics = found.metadata->topics;
  member.details = {.client_id = found.metadata->client_id,
                    .client_host = found.metadata->client_host,
                    .rack_id = found.metadata->rack_id,
                    .topics = found.metadata->topics,
                    .topic_pattern = found.metadata->topic_pattern,
                    .assignor = found.metadata->assignor};
  member.session_timeout_ms = found.metadata->session_timeout_ms;
  member.rebalance_timeout_ms = found.metadata->rebalance_timeout_ms;
  member.epoch = found.current->epoch;
  member.previous_epoch = found.current->previous_epoch;
  member.assigned = holdings_of(found.current->assigned, names);
  member.revoking = holdings_of(found.current->revoking, names);
  if (found.target) {
    for (const auto& [partition, since] : holdings_of(found.target->topics, names)) {
      member.target.insert(partition);
    }
  }
  return member;
}

/// What the group knew of topics.
struct Topics {
  Names names;
  SeenTopics subscribed;
  SeenTopics first_seen;
  bool had_no_ids = false;  // written before topics had ids, and there are ids for them now
};

/// A name without an id means the topic that is there now: older programs knew topics by name
/// alone.
Topics topics_in(const GroupMetadataValue& metadata, const PartitionMetadataValue& partitions,
                 const TopicCatalog& catalog) {
  Topics found;
  for (const auto& seen : metadata.first_seen)
    found.first_seen[seen.name] = {seen.id, seen.partitions};
  for (const auto& topic : partitions.topics) {
    const bool has_id = topic.id != id_before_ids(topic.name);
    const Uuid id = has_id ? topic.id : catalog.topic_id(topic.name);
    found.names[topic.id] = {topic.name, id};
    if (topic.partitions == 0) continue;
    found.subscribed[topic.name] = {id, topic.partitions};
    if (has_id || id.is_zero()) continue;
    found.had_no_ids = true;
    found.first_seen.try_emplace(topic.name, SeenTopic{id, topic.partitions});
  }
  return found;
}

template <class Value>
Status read_into(std::optional<Value>& to, const std::string& bytes) {
  HAIL_ASSIGN_OR_RETURN(to, decode_value<Value>(bytes));
  return {};
}

}  // namespace

Status check_value(RecordKind kind, std::string_view value) {
  const auto status_of = [](const auto& decoded) {
    return decoded.ok() ? Status() : Status(decoded.error());
  };
  switch (kind) {
    case RecordKind::offset_commit:
      return status_of(decode_value<OffsetCommitValue>(value));
    case RecordKind::classic_group:
      return status_of(decode_value<ClassicGroupValue>(value));
    case RecordKind::group_metadata:
      return status_of(decode_value<GroupMetadataValue>(value));
    case RecordKind::partition_metadata:
      return status_of(decode_value<PartitionMetadataValue>(value));
    case RecordKind::member_metadata:
      return status_of(decode_value<MemberMetadataValue>(value));
    case RecordKind::target_metadata:
      return status_of(decode_value<TargetMetadataValue>(value));
    case RecordKind::target_member:
      return status_of(decode_value<TargetMemberValue>(value));
    case RecordKind::current_member:
      return status_of(decode_value<CurrentMemberValue>(value));
  }
  return {};
}

Status restore(Group& group, const Records& records, const TopicCatalog& catalog, int64_t now_ms) {
  std::optional<GroupMetadataValue> metadata;
  std::optional<PartitionMetadataValue> topics;
  std::map<std::string, Found> members;
  for (const auto& [key_bytes, value] : records) {
    HAIL_ASSIGN_OR_RETURN(const auto key, decode_key(key_bytes));
    if (!key) continue;
    Found& found = members[key->member_id];
    switch (key->kind) {
      case RecordKind::group_metadata:
        HAIL_RETURN_IF_ERROR(read_into(metadata, value));
        break;
      case RecordKind::partition_metadata:
        HAIL_RETURN_IF_ERROR(read_into(topics, value));
        break;
      case RecordKind::member_metadata:
        HAIL_RETURN_IF_ERROR(read_into(found.metadata, value));
        break;
      case RecordKind::target_member:
        HAIL_RETURN_IF_ERROR(read_into(found.target, value));
        break;
      case RecordKind::current_member:
        HAIL_RETURN_IF_ERROR(read_into(found.current, value));
        break;
      case RecordKind::target_metadata:  // always the group's epoch
      case RecordKind::classic_group:    // has a state of its own
      case RecordKind::offset_commit:
        break;
    }
  }
  if (!metadata) return {};
  const Topics found = topics_in(*metadata, topics.value_or(PartitionMetadataValue()), catalog);
  group.restore(metadata->epoch, found.subscribed, found.first_seen);
  for (const auto& [id, member] : members) {
    if (member.metadata && member.current)
      group.restore(member_of(id, member, found.names), now_ms);
  }
  if (found.had_no_ids) group.change_all();
  return {};
}

}  // namespace hailstorm::groups
