#include "broker/groups/group_records.h"

#include <optional>
#include <utility>
#include <vector>

#include "broker/groups/offsets_schema.h"

namespace hailstorm::groups {
namespace {

constexpr RecordKind kGroupKinds[] = {RecordKind::group_metadata, RecordKind::partition_metadata,
                                      RecordKind::target_metadata};
constexpr RecordKind kMemberKinds[] = {RecordKind::member_metadata, RecordKind::target_member,
                                       RecordKind::current_member};

std::string key_of(RecordKind kind, const std::string& group, const std::string& member = "") {
  return encode(RecordKey{.kind = kind, .group = group, .topic = {}, .member_id = member});
}

/// A topic that was held when it was deleted, before topics had ids, has none.
Uuid stored_id(const std::string& name, const Uuid& id) {
  return id.is_zero() ? id_before_ids(name) : id;
}

TopicPartitions& entry_for(std::vector<TopicPartitions>& topics,
                           const wire::TopicPartition& partition) {
  const Uuid id = stored_id(partition.topic, partition.topic_id);
  if (topics.empty() || topics.back().topic != id) {
    topics.push_back({.topic = id, .partitions = {}, .epochs = {}});
  }
  return topics.back();
}

std::vector<TopicPartitions> by_topic(const Partitions& partitions) {
  std::vector<TopicPartitions> topics;
  for (const auto& id : partitions) entry_for(topics, id).partitions.push_back(id.partition);
  return topics;
}

std::vector<TopicPartitions> by_topic(const Holdings& holdings) {
  std::vector<TopicPartitions> topics;
  for (const auto& [id, since] : holdings) {
    TopicPartitions& topic = entry_for(topics, id);
    topic.partitions.push_back(id.partition);
    topic.epochs.push_back(since);
  }
  return topics;
}

/// Also topics that are not subscribed any more but still held: their ids must find their names.
PartitionMetadataValue topics_of(const Group& group) {
  std::map<Uuid, PartitionMetadataValue::Topic> topics;
  for (const auto& [name, seen] : group.subscribed()) {
    const Uuid id = stored_id(name, seen.id);
    topics[id] = {id, name, seen.partitions};
  }
  for (const auto& [partition, owner] : group.owners()) {
    const Uuid id = stored_id(partition.topic, partition.topic_id);
    topics.try_emplace(id, PartitionMetadataValue::Topic{id, partition.topic, 0});
  }
  PartitionMetadataValue value;
  for (auto& [id, topic] : topics) value.topics.push_back(std::move(topic));
  return value;
}

GroupMetadataValue metadata_of(const Group& group) {
  GroupMetadataValue value{group.epoch(), {}};
  for (const auto& [name, seen] : group.first_seen())
    value.first_seen.push_back({seen.id, name, seen.partitions});
  return value;
}

MemberState state_of(const Member& member) {
  if (!member.revoking.empty()) return MemberState::unrevoked_partitions;
  return member.assigned.size() < member.target.size() ? MemberState::unreleased_partitions
                                                       : MemberState::stable;
}

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

std::set<std::string> record_keys(const std::string& group, const std::set<std::string>& members) {
  std::set<std::string> keys;
  for (const RecordKind kind : kGroupKinds) keys.insert(key_of(kind, group));
  for (const std::string& member : members) {
    for (const RecordKind kind : kMemberKinds) keys.insert(key_of(kind, group, member));
  }
  return keys;
}

Records records_of(const Group& group, const std::set<std::string>& members) {
  Records records;
  if (group.epoch() == 0) return records;  // offsets alone make no group
  const std::string& name = group.name();
  records[key_of(RecordKind::group_metadata, name)] = encode(metadata_of(group));
  records[key_of(RecordKind::partition_metadata, name)] = encode(topics_of(group));
  records[key_of(RecordKind::target_metadata, name)] = encode(TargetMetadataValue{group.epoch()});
  for (const std::string& id : members) {
    const auto at = group.members().find(id);
    if (at == group.members().end()) continue;
    const Member& member = at->second;
    records[key_of(RecordKind::member_metadata, name, id)] =
        encode(MemberMetadataValue{.instance_id = member.instance_id,
                                   .topics = member.topics,
                                   .rebalance_timeout_ms = member.rebalance_timeout_ms,
                                   .session_timeout_ms = member.session_timeout_ms});
    records[key_of(RecordKind::target_member, name, id)] =
        encode(TargetMemberValue{by_topic(member.target)});
    records[key_of(RecordKind::current_member, name, id)] =
        encode(CurrentMemberValue{.epoch = member.epoch,
                                  .previous_epoch = member.previous_epoch,
                                  .state = state_of(member),
                                  .assigned = by_topic(member.assigned),
                                  .revoking = by_topic(member.revoking)});
  }
  return records;
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
