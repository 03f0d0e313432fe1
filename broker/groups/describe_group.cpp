#include "broker/groups/describe_group.h"

#include <algorithm>

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

wire::GroupPartition describe_partition(const GroupEntry& entry, const TopicCatalog& catalog,
                                        const wire::TopicPartition& id) {
  wire::GroupPartition described;
  described.id = id;
  described.owner = entry.group().owner(id);
  if (const auto* const committed = entry.offset(id))
    described.committed_offset = committed->offset;
  if (const auto range = catalog.range(id)) {
    described.log_start_offset = range->log_start_offset;
    described.high_watermark = range->high_watermark;
    // Beyond the end: the log lost its tail, and the group's reader has to begin again.
    const bool is_in_log =
        described.committed_offset >= 0 && described.committed_offset <= described.high_watermark;
    const int64_t next = is_in_log ? described.committed_offset : described.log_start_offset;
    described.lag = std::max<int64_t>(0, described.high_watermark - next);
  }
  return described;
}

}  // namespace

wire::DescribeGroupReply describe_group(const GroupEntry& entry, const TopicCatalog& catalog) {
  const Group& group = entry.group();
  wire::DescribeGroupReply reply;
  reply.summary = group.summary();
  for (const auto& [id, member] : group.members()) reply.members.push_back(describe_member(member));

  Partitions partitions;
  for (const auto& [topic, seen] : group.subscribed()) {
    for (int32_t partition = 0; partition < seen.partitions; ++partition) {
      partitions.insert({topic, partition, seen.id});
    }
  }
  for (const auto& [id, owner] : group.owners()) partitions.insert(id);
  for (const auto& [id, offset] : entry.offsets()) {
    if (entry.offset(id) != nullptr) partitions.insert(offset.id);
  }
  for (const auto& id : partitions) {
    reply.partitions.push_back(describe_partition(entry, catalog, id));
  }
  return reply;
}

}  // namespace hailstorm::groups
