#include "common/log/hailstorm/admin.h"

#include <utility>

#include "common/log/hailstorm/topic_ids.h"

namespace hailstorm::log::hail {
namespace {

using wire::ErrorCode;
using Repeat = RpcClient::Repeat;

static_assert(kLatest == wire::kLatest && kEarliest == wire::kEarliest);

wire::TopicConfig to_wire(const TopicSettings& settings) {
  wire::TopicConfig config;
  config.partitions = settings.partitions;
  config.segment_bytes = settings.segment_bytes;
  config.retention_ms = settings.retention_ms;
  config.retention_bytes = settings.retention_bytes;
  config.flush = settings.flush_always ? wire::FlushPolicy::always : wire::FlushPolicy::interval;
  config.flush_interval_ms = settings.flush_interval_ms;
  config.max_batch_bytes = settings.max_batch_bytes;
  return config;
}

TopicInfo from_wire(const wire::TopicMetadata& topic) {
  TopicInfo info;
  info.name = topic.name;
  info.topic_id = topic.topic_id;
  info.settings.partitions = static_cast<int32_t>(topic.partitions.size());
  info.settings.segment_bytes = topic.config.segment_bytes;
  info.settings.retention_ms = topic.config.retention_ms;
  info.settings.retention_bytes = topic.config.retention_bytes;
  info.settings.flush_always = topic.config.flush == wire::FlushPolicy::always;
  info.settings.flush_interval_ms = topic.config.flush_interval_ms;
  info.settings.max_batch_bytes = topic.config.max_batch_bytes;
  for (const wire::PartitionMetadata& partition : topic.partitions) {
    std::string error;
    if (partition.outcome.code != ErrorCode::none) error = error_of(partition.outcome).message();
    info.partitions.push_back({partition.partition, partition.log_start_offset,
                               partition.high_watermark, partition.size_bytes, std::move(error),
                               partition.outcome.code == ErrorCode::storage_error});
  }
  return info;
}

GroupInfo from_wire(const wire::GroupSummary& group) {
  return {group.group, group.state, group.epoch, group.member_count};
}

std::vector<wire::CommittedOffset> offsets_of(const std::vector<Position>& positions) {
  std::vector<wire::CommittedOffset> offsets;
  for (const Position& position : positions)
    offsets.push_back({hail::to_wire(position.id, position.topic_id), position.offset, -1, ""});
  return offsets;
}

template <class Reply>
Status status_of(Result<Reply> reply) {
  if (reply.ok()) return {};
  return std::move(reply).error();
}

}  // namespace

Result<bool> HailstormAdmin::create_topic(const std::string& name, const TopicSettings& settings) {
  // Repeated where no answer comes: a second try finds the topic there, which is no error.
  const wire::CreateTopicRequest request{name, to_wire(settings)};
  auto reply = rpc_.call(request, Repeat::harmless);
  if (reply.ok()) return true;
  if (reply.error().is(LogErrc::refused) && describe_topics({name}).ok()) return false;
  return std::move(reply).error();
}

Status HailstormAdmin::delete_topic(const std::string& name) {
  return status_of(rpc_.call(wire::DeleteTopicRequest{name}, Repeat::harmful));
}

Result<std::vector<NamedSetting>> HailstormAdmin::alter_topic(
    const std::string& name, const std::vector<NamedSetting>& settings) {
  wire::AlterTopicRequest request;
  request.name = name;
  for (const NamedSetting& one : settings)
    request.settings.push_back({one.name, one.value, one.is_default});
  HAIL_ASSIGN_OR_RETURN(const auto reply, rpc_.call(request, Repeat::harmless));
  std::vector<NamedSetting> now;
  for (const wire::AlteredSetting& one : reply.settings)
    now.push_back({one.name, one.value, one.is_default});
  return now;
}

Result<int64_t> HailstormAdmin::delete_records(const TopicPartition& id, int64_t before_offset) {
  const wire::DeleteRecordsRequest request{hail::to_wire(id), before_offset};
  HAIL_ASSIGN_OR_RETURN(const auto reply, rpc_.call(request, Repeat::harmless));
  return reply.log_start_offset;
}

Status HailstormAdmin::create_partitions(const std::string& name, int32_t total) {
  return status_of(rpc_.call(wire::CreatePartitionsRequest{name, total}, Repeat::harmful));
}

Result<std::vector<TopicInfo>> HailstormAdmin::describe_topics(
    const std::vector<std::string>& names) {
  HAIL_ASSIGN_OR_RETURN(const auto reply,
                        rpc_.call(wire::MetadataRequest{names}, Repeat::harmless));
  std::vector<TopicInfo> topics;
  for (const wire::TopicMetadata& topic : reply.topics) {
    if (topic.outcome.code != ErrorCode::none) return error_of(topic.outcome);
    topics.push_back(from_wire(topic));
  }
  return topics;
}

Result<FoundOffsets> HailstormAdmin::offsets_at(const std::vector<TopicPartition>& partitions,
                                                int64_t timestamp_ms) {
  wire::ListOffsetsRequest request;
  request.timestamp_ms = timestamp_ms;
  for (const TopicPartition& id : partitions) request.partitions.push_back(to_wire(id));
  HAIL_ASSIGN_OR_RETURN(const auto reply, rpc_.call(request, Repeat::harmless));
  FoundOffsets found;
  for (const wire::ListedOffset& listed : reply.offsets) {
    if (listed.outcome.code == ErrorCode::storage_error) {
      found.closed.push_back({from_wire(listed.id), error_of(listed.outcome).message()});
      continue;
    }
    if (listed.outcome.code != ErrorCode::none) return error_of(listed.outcome);
    found.positions.push_back({from_wire(listed.id), listed.offset, listed.id.topic_id});
  }
  return found;
}

Result<std::vector<GroupInfo>> HailstormAdmin::list_groups() {
  HAIL_ASSIGN_OR_RETURN(const auto reply, rpc_.call(wire::ListGroupsRequest{}, Repeat::harmless));
  std::vector<GroupInfo> groups;
  for (const wire::GroupSummary& group : reply.groups) groups.push_back(from_wire(group));
  return groups;
}

Result<GroupDescription> HailstormAdmin::describe_group(const std::string& group) {
  HAIL_ASSIGN_OR_RETURN(const auto reply,
                        rpc_.call(wire::DescribeGroupRequest{group}, Repeat::harmless));
  GroupDescription description;
  description.info = from_wire(reply.summary);
  for (const wire::GroupMember& member : reply.members) {
    GroupMemberInfo info{member.member_id, member.instance_id, member.member_epoch, {}};
    for (const auto& id : member.assigned) info.assigned.push_back(from_wire(id));
    description.members.push_back(std::move(info));
  }
  for (const wire::GroupPartition& partition : reply.partitions) {
    description.partitions.push_back({from_wire(partition.id), partition.committed_offset,
                                      partition.log_start_offset, partition.high_watermark,
                                      partition.lag, partition.owner});
  }
  return description;
}

Status HailstormAdmin::reset_offsets(const std::string& group,
                                     const std::vector<Position>& positions) {
  const wire::OffsetCommitRequest request{group, "", -1, offsets_of(positions)};
  // Harmless: the same positions are set again, and only while nobody reads.
  auto reply = rpc_.call(request, Repeat::harmless);
  if (reply.ok()) return {};
  if (!reply.error().is(LogErrc::fenced)) return std::move(reply).error();
  return Error(LogErrc::refused,
               "group '" + group + "' has live members; stop them before its offsets are moved (" +
                   reply.error().message() + ")");
}

Result<RewoundGroup> HailstormAdmin::rewind_group(const std::string& group,
                                                  const std::vector<Position>& positions) {
  const wire::RewindGroupRequest request{group, offsets_of(positions)};
  auto reply = rpc_.call(request, Repeat::harmless);
  if (!reply.ok() && reply.error().message() == wire::unknown_api_text(request.kApi)) {
    return Error(LogErrc::refused,
                 "the broker is of an older version and cannot move a group with members; stop "
                 "them first");
  }
  if (!reply.ok()) return std::move(reply).error();
  RewoundGroup rewound{reply->epoch, {}};
  for (const wire::CommittedOffset& offset : reply->before)
    rewound.before.push_back({from_wire(offset.id), offset.offset, offset.id.topic_id});
  return rewound;
}

Status HailstormAdmin::delete_group(const std::string& group) {
  return status_of(rpc_.call(wire::DeleteGroupRequest{group}, Repeat::harmful));
}

}  // namespace hailstorm::log::hail
