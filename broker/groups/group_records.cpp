#include "broker/groups/group_records.h"

#include <utility>
#include <vector>

#include "broker/groups/group_schema.h"

namespace hailstorm::groups {
namespace {

constexpr RecordKind kGroupKinds[] = {RecordKind::group_metadata, RecordKind::partition_metadata,
                                      RecordKind::target_metadata};
constexpr RecordKind kMemberKinds[] = {RecordKind::member_metadata, RecordKind::target_member,
                                       RecordKind::current_member};

std::string key_of(RecordKind kind, const std::string& group, const std::string& member = "") {
  return encode(RecordKey{.kind = kind, .group = group, .topic = {}, .member_id = member});
}

/// A topic has no id if it was deleted, while a member held it, before topics had ids.
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

/// Also of topics that are held and no longer subscribed: a reader needs the names of their ids.
PartitionMetadataValue topics_of(const Group& group) {
  std::map<Uuid, RecordedTopic> topics;
  for (const auto& [name, seen] : group.topics().subscribed()) {
    const Uuid id = stored_id(name, seen.id);
    topics[id] = {id, name, seen.partitions};
  }
  for (const auto& [partition, owner] : group.owners().all()) {
    const Uuid id = stored_id(partition.topic, partition.topic_id);
    topics.try_emplace(id, RecordedTopic{id, partition.topic, 0});
  }
  PartitionMetadataValue value;
  for (auto& [id, topic] : topics) value.topics.push_back(std::move(topic));
  return value;
}

GroupMetadataValue metadata_of(const Group& group) {
  GroupMetadataValue value{group.epoch(), {}};
  for (const auto& [name, seen] : group.topics().first_seen())
    value.first_seen.push_back({seen.id, name, seen.partitions});
  return value;
}

MemberState state_of(const Member& member) {
  if (!member.revoking.empty()) return MemberState::unrevoked_partitions;
  return member.assigned.size() < member.target.size() ? MemberState::unreleased_partitions
                                                       : MemberState::stable;
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
  if (group.epoch() == 0) return records;  // a group with offsets alone has no record of its own
  const std::string& name = group.name();
  records[key_of(RecordKind::group_metadata, name)] = encode(metadata_of(group));
  records[key_of(RecordKind::partition_metadata, name)] = encode(topics_of(group));
  records[key_of(RecordKind::target_metadata, name)] = encode(TargetMetadataValue{group.epoch()});
  for (const std::string& id : members) {
    const auto at = group.members().find(id);
    if (at == group.members().end()) continue;
    const Member& member = at->second;
    const MemberDetails& details = member.details;
    const bool has_pattern = !details.topic_pattern.empty();
    records[key_of(RecordKind::member_metadata, name, id)] =
        encode(MemberMetadataValue{.instance_id = member.instance_id,
                                   .rack_id = details.rack_id,
                                   .client_id = details.client_id,
                                   .client_host = details.client_host,
                                   .topics = has_pattern ? details.topics : member.topics,
                                   .topic_pattern = details.topic_pattern,
                                   .assignor = details.assignor,
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

}  // namespace hailstorm::groups
