#include "common/log/rewind/group_json.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/json/bytes_member.h"

namespace hailstorm::log {
namespace {

using json::add_bytes;

json::Value member_json(const GroupMemberInfo& member) {
  json::Value assigned = json::Value::array();
  for (const auto& id : member.assigned) {
    json::Value one = {{"partition", id.partition}};
    add_bytes(one, "topic", id.topic);
    assigned.push_back(std::move(one));
  }
  json::Value out = {{"epoch", member.member_epoch}, {"assigned", std::move(assigned)}};
  add_bytes(out, "member_id", member.member_id);
  add_bytes(out, "instance_id", member.instance_id);
  return out;
}

json::Value partition_json(const GroupPartitionInfo& partition,
                           const std::vector<ClosedPartition>& closed) {
  const auto at = std::find_if(closed.begin(), closed.end(),
                               [&](const auto& one) { return one.id == partition.id; });
  json::Value out = {{"partition", partition.id.partition},
                     {"committed_offset", partition.committed_offset},
                     {"log_start_offset", partition.log_start_offset},
                     {"high_watermark", partition.high_watermark},
                     {"lag", partition.lag},
                     {"error", at == closed.end() ? "" : at->why}};
  add_bytes(out, "topic", partition.id.topic);
  add_bytes(out, "owner", partition.owner);
  return out;
}

}  // namespace

json::Value closed_json(const ClosedPartition& closed) {
  return {{"topic", closed.id.topic}, {"partition", closed.id.partition}, {"error", closed.why}};
}

json::Value closed_json(const std::vector<ClosedPartition>& closed) {
  json::Value out = json::Value::array();
  for (const auto& one : closed) out.push_back(closed_json(one));
  return out;
}

int64_t lag_of(const GroupDescription& group) {
  int64_t lag = 0;
  for (const GroupPartitionInfo& partition : group.partitions) lag += partition.lag;
  return lag;
}

std::vector<ClosedPartition> closed_partitions(const GroupDescription& group,
                                               const std::vector<TopicInfo>& topics) {
  std::set<std::string> names;
  for (const GroupPartitionInfo& partition : group.partitions) names.insert(partition.id.topic);
  std::vector<ClosedPartition> closed;
  for (const TopicInfo& topic : topics) {
    if (!names.contains(topic.name)) continue;
    for (const PartitionInfo& partition : topic.partitions) {
      if (partition.is_closed)
        closed.push_back({{topic.name, partition.partition}, partition.error});
    }
  }
  return closed;
}

json::Value summary_json(const GroupDescription& group,
                         const std::vector<ClosedPartition>& closed) {
  json::Value out = {{"state", group.info.state},
                     {"epoch", group.info.epoch},
                     {"members", group.info.member_count},
                     {"lag", lag_of(group)},
                     {"closed_partitions", closed_json(closed)}};
  add_bytes(out, "group", group.info.group);
  return out;
}

json::Value group_json(const GroupDescription& group, const std::vector<ClosedPartition>& closed) {
  json::Value out = summary_json(group, closed);
  json::Value& members = out.set("members", json::Value::array());
  for (const GroupMemberInfo& member : group.members) members.push_back(member_json(member));
  json::Value& partitions = out.add("partitions", json::Value::array());
  for (const GroupPartitionInfo& partition : group.partitions)
    partitions.push_back(partition_json(partition, closed));
  return out;
}

Result<json::Value> all_groups(Admin& admin) {
  HAIL_ASSIGN_OR_RETURN(const auto groups, admin.list_groups());
  HAIL_ASSIGN_OR_RETURN(const auto topics, admin.describe_topics({}));
  json::Value out = json::Value::array();
  for (const GroupInfo& info : groups) {
    const auto described = admin.describe_group(info.group);
    // It was deleted meanwhile.
    if (!described.ok() && described.error().is(LogErrc::refused)) continue;
    HAIL_ASSIGN_OR_RETURN(const auto group, described);
    out.push_back(summary_json(group, closed_partitions(group, topics)));
  }
  return out;
}

Result<json::Value> one_group(Admin& admin, const std::string& name) {
  HAIL_ASSIGN_OR_RETURN(const auto group, admin.describe_group(name));
  HAIL_ASSIGN_OR_RETURN(const auto topics, admin.describe_topics({}));
  return group_json(group, closed_partitions(group, topics));
}

}  // namespace hailstorm::log
