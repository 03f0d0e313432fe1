#include "broker/groups/describe_group.h"

#include <algorithm>
#include <map>
#include <utility>

#include "broker/groups/consumer_protocol.h"

namespace hailstorm::groups {
namespace {

wire::GroupMember describe_member(const Member& member) {
  wire::GroupMember described;
  described.member_id = member.id;
  described.instance_id = member.instance_id;
  described.member_epoch = member.epoch;
  described.topics = member.topics;
  for (const auto& [id, since] : member.assigned) described.assigned.push_back(id);
  described.target.assign(member.target.begin(), member.target.end());
  return described;
}

wire::GroupPartition describe_partition(const JournaledGroup& group, const TopicCatalog& catalog,
                                        const wire::TopicPartition& id) {
  wire::GroupPartition described;
  described.id = id;
  described.owner = group.group().owners().owner(id);
  if (const auto* const committed = group.offset(id))
    described.committed_offset = committed->offset;
  if (const auto range = catalog.range(id)) {
    described.log_start_offset = range->log_start_offset;
    described.high_watermark = range->high_watermark;
    // Beyond the end: the log lost its tail, and the group's reader has to
    // begin again.
    const bool is_in_log =
        described.committed_offset >= 0 && described.committed_offset <= described.high_watermark;
    const int64_t next = is_in_log ? described.committed_offset : described.log_start_offset;
    described.lag = std::max<int64_t>(0, described.high_watermark - next);
  }
  return described;
}

/// That are subscribed, owned or committed.
Partitions partitions_of(const JournaledGroup& journaled) {
  const Group& group = journaled.group();
  Partitions partitions;
  for (const auto& [topic, seen] : group.topics().subscribed()) {
    for (int32_t partition = 0; partition < seen.partitions; ++partition) {
      partitions.insert({topic, partition, seen.id});
    }
  }
  for (const auto& [id, owner] : group.owners().all()) partitions.insert(id);
  for (const auto& [id, offset] : journaled.offsets()) {
    if (journaled.offset(id) != nullptr) partitions.insert(offset.id);
  }
  return partitions;
}

wire::GroupSummary summarize_classic(const std::string& name, const ClassicGroup& classic) {
  return {name, std::string(name_of(classic.state())), classic.generation(),
          static_cast<int32_t>(classic.members().size())};
}

/// What the leader assigned to each member, where the members are consumers:
/// partitions that exist.
std::map<wire::TopicPartition, std::string> owners_in(const ClassicGroup& classic,
                                                      const TopicCatalog& catalog) {
  std::map<wire::TopicPartition, std::string> owners;
  if (classic.protocol_type() != "consumer") return owners;
  for (const auto& [id, member] : classic.members().by_id()) {
    for (wire::TopicPartition& partition : assigned_partitions(member.assignment)) {
      if (partition.partition >= catalog.partition_count(partition.topic)) continue;
      partition.topic_id = catalog.topic_id(partition.topic);
      owners.emplace(std::move(partition), id);
    }
  }
  return owners;
}

wire::GroupMember describe_member(const ClassicMember& member, const ClassicGroup& classic) {
  wire::GroupMember described;
  described.member_id = member.id;
  described.instance_id = member.instance_id;
  described.member_epoch = classic.generation();
  if (classic.protocol_type() == "consumer")
    described.topics = subscribed_topics(member.metadata(classic.protocol()));
  return described;
}

}  // namespace

wire::GroupSummary summarize(const JournaledGroup& journaled) {
  const Group& group = journaled.group();
  if (journaled.classic().record() || !journaled.classic().members().empty())
    return summarize_classic(group.name(), journaled.classic());
  const auto& members = group.members();
  const bool settled = std::all_of(members.begin(), members.end(), [&](const auto& one) {
    const Member& member = one.second;
    return member.epoch == group.epoch() && member.revoking.empty() &&
           member.assigned.size() == member.target.size();
  });
  const char* state = members.empty() ? "Empty" : settled ? "Stable" : "Reconciling";
  return {group.name(), state, group.epoch(), static_cast<int32_t>(members.size())};
}

ClassicDescribeReply describe_classic(const ClassicGroup& group) {
  ClassicDescribeReply reply;
  reply.state = name_of(group.state());
  reply.protocol_type = group.protocol_type();
  reply.protocol = group.protocol();
  for (const auto& [id, member] : group.members().by_id()) {
    reply.members.push_back({id, member.instance_id, member.client_id, member.client_host,
                             member.metadata(group.protocol()), member.assignment});
  }
  return reply;
}

ConsumerDescribeReply describe_consumer(const JournaledGroup& journaled) {
  const Group& group = journaled.group();
  ConsumerDescribeReply reply;
  reply.state = summarize(journaled).state;
  reply.epoch = group.epoch();
  reply.assignor = group.assignor();
  for (const auto& [id, member] : group.members()) {
    auto& described = reply.members.emplace_back();
    described.id = id;
    described.instance_id = member.instance_id;
    described.epoch = member.epoch;
    described.details = member.details;
    // Our own clients name topics alone.
    if (member.details.topic_pattern.empty()) described.details.topics = member.topics;
    for (const auto& [partition, since] : member.assigned) described.assigned.push_back(partition);
    described.target.assign(member.target.begin(), member.target.end());
  }
  return reply;
}

GroupOverviewReply::Group overview_of(const JournaledGroup& group) {
  // A group that only commits offsets is of neither kind: Kafka shows it as a
  // classic one.
  const bool is_classic = group.group().epoch() == 0;
  return {group.group().name(), summarize(group).state,
          is_classic ? group.classic().protocol_type() : "consumer", is_classic};
}

wire::DescribeGroupReply describe_group(const JournaledGroup& group, const TopicCatalog& catalog) {
  wire::DescribeGroupReply reply;
  reply.summary = summarize(group);
  for (const auto& [id, member] : group.group().members())
    reply.members.push_back(describe_member(member));
  for (const auto& [id, member] : group.classic().members().by_id())
    reply.members.push_back(describe_member(member, group.classic()));
  const auto owners = owners_in(group.classic(), catalog);
  Partitions partitions = partitions_of(group);
  for (const auto& [id, owner] : owners) {
    partitions.insert(id);
    const auto member = std::ranges::find(reply.members, owner, &wire::GroupMember::member_id);
    member->assigned.push_back(id);
    member->target.push_back(id);
  }
  for (const auto& id : partitions) {
    wire::GroupPartition described = describe_partition(group, catalog, id);
    if (const auto owner = owners.find(id); owner != owners.end()) described.owner = owner->second;
    reply.partitions.push_back(std::move(described));
  }
  return reply;
}

}  // namespace hailstorm::groups
