#include "broker/groups/classic_coordinator.h"

#include <iterator>
#include <utility>

#include "broker/groups/commit_check.h"
#include "broker/groups/describe_group.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

Outcome no_member(const std::string& group) {
  return {ErrorCode::unknown_member_id, "there is no group '" + group + "'; join again"};
}

Outcome other_kind(const std::string& group) {
  return {ErrorCode::inconsistent_group_protocol,
          "group '" + group +
              "' has members that use the consumer protocol (KIP-848); stop them, "
              "or use that protocol"};
}

/// As our own clients commit.
wire::OffsetCommitRequest to_wire(const ClassicCommitRequest& request) {
  return {request.group, request.member_id, request.generation, request.offsets};
}

}  // namespace

std::string ClassicCoordinator::new_member_id(const ClassicJoinRequest& request) {
  const std::string& named = request.instance_id.empty() ? request.client_id : request.instance_id;
  return (named.empty() ? "member" : named) + "-" + ids_.uuid().text();
}

void ClassicCoordinator::settle(JournaledGroup& group) {
  group.write_classic();
  groups_.count(group);
  groups_.forget_if_gone(group.group().name());
}

void ClassicCoordinator::handle(const ClassicJoinRequest& request,
                                Answer<ClassicJoinReply> answer) {
  if (Outcome full = groups_.check_join(request); full.code != ErrorCode::none)
    return refuse<ClassicJoinReply>(answer, std::move(full));
  const auto group = groups_.find_or_make(request.group);
  if (!group->group().members().empty())
    return refuse<ClassicJoinReply>(answer, other_kind(request.group));
  ClassicGroup& classic = group->classic();
  classic.join(request, new_member_id(request), clock_.steady_ms(), std::move(answer));
  if (!classic.members().empty() && group->group().epoch() != 0) group->group().clear();
  settle(*group);
}

void ClassicCoordinator::handle(const ClassicSyncRequest& request,
                                Answer<ClassicSyncReply> answer) {
  const auto group = groups_.find(request.group);
  if (group == nullptr) return refuse<ClassicSyncReply>(answer, no_member(request.group));
  if (Outcome full = groups_.check_assignments(request); full.code != ErrorCode::none)
    return refuse<ClassicSyncReply>(answer, std::move(full));
  group->classic().sync(request, clock_.steady_ms(), std::move(answer));
  settle(*group);
}

void ClassicCoordinator::handle(const ClassicHeartbeatRequest& request,
                                const Answer<ClassicHeartbeatReply>& answer) {
  const auto group = groups_.find(request.group);
  answer({group == nullptr ? no_member(request.group)
                           : group->classic().heartbeat(request, clock_.steady_ms())});
}

void ClassicCoordinator::handle(const ClassicLeaveRequest& request,
                                const Answer<ClassicLeaveReply>& answer) {
  const auto group = groups_.find(request.group);
  if (group == nullptr) {
    ClassicLeaveReply reply;
    reply.members.assign(request.members.size(), no_member(request.group));
    return answer(std::move(reply));
  }
  answer(group->classic().leave(request, clock_.steady_ms()));
  settle(*group);
}

void ClassicCoordinator::handle(const ClassicDescribeRequest& request,
                                const Answer<ClassicDescribeReply>& answer) {
  const auto group = groups_.find(request.group);
  if (group != nullptr && group->group().epoch() == 0)
    return answer(describe_classic(group->classic()));
  refuse<ClassicDescribeReply>(
      answer, {ErrorCode::group_id_not_found, "there is no classic group '" + request.group + "'"});
}

GroupOverviewReply ClassicCoordinator::overview() const {
  GroupOverviewReply reply;
  for (const auto& [name, group] : groups_.all()) reply.groups.push_back(overview_of(*group));
  return reply;
}

Outcome ClassicCoordinator::check_committer(JournaledGroup* group,
                                            const ClassicCommitRequest& request) const {
  if (group == nullptr) {
    if (request.generation < 0) return {};
    return {ErrorCode::illegal_generation, "there is no group '" + request.group + "'"};
  }
  if (group->group().members().empty())
    return group->classic().check_commit(request, clock_.steady_ms());
  return check_member_as_kafka(group->group(), to_wire(request));
}

/// Unlike our own clients, Kafka's may commit what lies beyond the end of a partition.
Outcome ClassicCoordinator::check_offset(const wire::CommittedOffset& offset) const {
  const wire::TopicPartition& id = offset.id;
  if (id.partition < 0 || id.partition >= catalog_.partition_count(id.topic))
    return {ErrorCode::unknown_topic_or_partition, "there is no such partition"};
  if (!id.topic_id.is_zero() && id.topic_id != catalog_.topic_id(id.topic))
    return {ErrorCode::unknown_topic_id, "the topic was deleted, and another has its name now"};
  if (offset.metadata.size() > kMaxMetadataBytes)
    return {ErrorCode::offset_metadata_too_large, "metadata has at most 4096 bytes"};
  if (offset.offset < 0)
    return {ErrorCode::offset_out_of_range, "a committed offset is at least 0"};
  return {};
}

void ClassicCoordinator::handle(const ClassicCommitRequest& request,
                                Answer<ClassicCommitReply> answer) {
  Outcome bad = check_committer(groups_.find(request.group).get(), request);
  if (bad.code == ErrorCode::none && request.offsets.size() > kMaxCommittedPartitions)
    bad = {ErrorCode::invalid_request, "a request has at most 10000 partitions"};
  if (bad.code == ErrorCode::none) bad = groups_.check_offsets(to_wire(request));
  if (bad.code == ErrorCode::none) bad = groups_.check_room(request.group);
  if (bad.code != ErrorCode::none) return refuse<ClassicCommitReply>(answer, std::move(bad));

  ClassicCommitReply reply;
  OffsetChanges accepted;
  for (const wire::CommittedOffset& offset : request.offsets) {
    const Outcome& outcome = reply.partitions.emplace_back(check_offset(offset));
    if (outcome.code != ErrorCode::none) continue;
    accepted.push_back(offset);
    accepted.back().id.topic_id = catalog_.topic_id(offset.id.topic);
  }
  const auto group = groups_.find_or_make(request.group);
  group->write_offsets(accepted, [answer = std::move(answer),
                                  reply = std::move(reply)](const Status& stored) mutable {
    if (!stored.ok()) {
      for (Outcome& outcome : reply.partitions) {
        if (outcome.code == ErrorCode::none) outcome = outcome_of(stored);
      }
    }
    answer(reply);
  });
  settle(*group);
}

}  // namespace hailstorm::groups
