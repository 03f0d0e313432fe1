#include "broker/groups/consumer_coordinator.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "broker/groups/commit_check.h"
#include "broker/groups/consumer_check.h"
#include "broker/groups/describe_group.h"
#include "broker/groups/topic_pattern.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicPartition;

namespace {

// Of a client of Kafka in a session, as Kafka has it by default: 5 s of 45.
constexpr int32_t kHeartbeatsPerSession = 9;

/// A group that never had members of this kind has no epoch.
bool is_consumer_group(const JournaledGroup* group) {
  return group != nullptr && group->group().epoch() != 0;
}

Outcome not_a_consumer_group(const std::string& name) {
  return {ErrorCode::group_id_not_found, "there is no consumer group '" + name + "'"};
}

/// The member's partitions that it names by their topics' ids, and a placeholder for each other.
std::vector<TopicPartition> owned_by(const Member* member,
                                     const ConsumerHeartbeatRequest& request) {
  std::map<std::pair<Uuid, int32_t>, TopicPartition> held;
  if (member != nullptr) {
    for (const Holdings* holdings : {&member->assigned, &member->revoking}) {
      for (const auto& [id, since] : *holdings) held[{id.topic_id, id.partition}] = id;
    }
  }
  std::vector<TopicPartition> owned;
  if (!request.owned) {
    for (auto& [key, id] : held) owned.push_back(std::move(id));
    return owned;
  }
  for (const auto& one : *request.owned) {
    const auto at = held.find({one.topic_id, one.partition});
    owned.push_back(at != held.end() ? at->second
                                     : TopicPartition{"", one.partition, one.topic_id});
  }
  return owned;
}

std::vector<TopicPartition> ids_of(const Holdings& holdings) {
  std::vector<TopicPartition> ids;
  for (const auto& [id, since] : holdings) ids.push_back(id);
  return ids;
}

/// The member says all that it knows, because it joins or the last reply was lost: it wants to hear
/// all, too.
bool is_complete(const ConsumerHeartbeatRequest& request) {
  return request.member_epoch == wire::kJoinEpoch ||
         (request.rebalance_timeout_ms >= 0 && request.owned &&
          (request.topics || request.topic_pattern));
}

}  // namespace

Outcome ConsumerCoordinator::check_room(const MemberHeartbeat& heartbeat) {
  if (Outcome other = groups_.check_no_classic(heartbeat.group, ErrorCode::group_id_not_found);
      other.code != ErrorCode::none)
    return other;
  if (Outcome full = groups_.check_member(heartbeat); full.code != ErrorCode::none) return full;
  return groups_.check_room(heartbeat.group);
}

template <class Reply, class ReplyOf>
void ConsumerCoordinator::beat(const MemberHeartbeat& heartbeat, Answer<Reply> answer,
                               ReplyOf reply_of) {
  if (Outcome bad = check_room(heartbeat); bad.code != ErrorCode::none)
    return refuse<Reply>(answer, std::move(bad));
  const auto group = groups_.find_or_make(heartbeat.group);
  if (Outcome bad = group->group().heartbeat(heartbeat, clock_.steady_ms());
      bad.code != ErrorCode::none) {
    group->write_group(refuses(std::move(answer), std::move(bad)));
    return groups_.forget_if_gone(heartbeat.group);
  }
  group->classic().clear();
  group->write_group(sends(std::move(answer), reply_of(group->group())));
  groups_.count(*group);
}

void ConsumerCoordinator::handle(const wire::GroupHeartbeatRequest& request,
                                 Answer<wire::GroupHeartbeatReply> answer) {
  MemberHeartbeat heartbeat;
  static_cast<wire::GroupHeartbeatRequest&>(heartbeat) = request;
  beat(heartbeat, std::move(answer), [&](const Group& group) { return group.reply_to(heartbeat); });
}

const Member* ConsumerCoordinator::find_member(const ConsumerHeartbeatRequest& request) const {
  const auto group = groups_.find(request.group);
  if (group == nullptr) return nullptr;
  const auto at = group->group().members().find(request.member_id);
  return at == group->group().members().end() ? nullptr : &at->second;
}

MemberHeartbeat ConsumerCoordinator::complete(const ConsumerHeartbeatRequest& request,
                                              const Member* known) {
  static const Member kNew{};
  const Member& before = known == nullptr ? kNew : *known;
  MemberHeartbeat heartbeat;
  heartbeat.group = request.group;
  heartbeat.member_id = request.member_id.empty() ? ids_.uuid().text() : request.member_id;
  heartbeat.instance_id = request.instance_id.value_or(before.instance_id);
  heartbeat.member_epoch = request.member_epoch;
  heartbeat.session_timeout_ms = options_.kafka_session_timeout_ms;
  heartbeat.rebalance_timeout_ms = request.rebalance_timeout_ms >= 0 ? request.rebalance_timeout_ms
                                                                     : before.rebalance_timeout_ms;
  std::vector<std::string> names = request.topics.value_or(before.details.topics);
  std::sort(names.begin(), names.end());
  heartbeat.details = {
      .client_id = request.client_id,
      .client_host = request.client_host,
      .rack_id = request.rack_id.value_or(before.details.rack_id),
      .topics = std::move(names),
      .topic_pattern = request.topic_pattern.value_or(before.details.topic_pattern),
      .assignor = request.assignor.value_or(before.details.assignor)};
  const MemberDetails& details = heartbeat.details;
  const bool is_same = known != nullptr && details.topics == before.details.topics &&
                       details.topic_pattern == before.details.topic_pattern;
  heartbeat.topics =
      is_same ? before.topics : subscription_of(details.topics, details.topic_pattern, catalog_);
  heartbeat.owned = owned_by(known, request);
  heartbeat.names_owned = request.owned.has_value();
  heartbeat.replaces_instance = false;
  return heartbeat;
}

void ConsumerCoordinator::handle(const ConsumerHeartbeatRequest& request,
                                 Answer<ConsumerHeartbeatReply> answer) {
  if (Outcome bad = check_fields(request); bad.code != ErrorCode::none)
    return refuse<ConsumerHeartbeatReply>(answer, std::move(bad));
  const bool is_joining = request.member_epoch == wire::kJoinEpoch;
  if (!is_joining && !is_consumer_group(groups_.find(request.group).get()))
    return refuse<ConsumerHeartbeatReply>(answer, not_a_consumer_group(request.group));
  const Member* const known = find_member(request);
  const Holdings had = known == nullptr ? Holdings() : known->assigned;
  const MemberHeartbeat heartbeat = complete(request, known);
  beat(heartbeat, std::move(answer), [&](const Group& group) {
    ConsumerHeartbeatReply reply;
    reply.member_id = heartbeat.member_id;
    reply.member_epoch = heartbeat.member_epoch;
    if (heartbeat.member_epoch < 0) return reply;
    const Member& member = group.members().at(heartbeat.member_id);
    reply.member_epoch = member.epoch;
    reply.heartbeat_interval_ms = std::max(1, member.session_timeout_ms / kHeartbeatsPerSession);
    std::vector<TopicPartition> assigned = ids_of(member.assigned);
    if (is_complete(request) || assigned != ids_of(had)) reply.assignment = std::move(assigned);
    return reply;
  });
}

void ConsumerCoordinator::handle(const ConsumerDescribeRequest& request,
                                 const Answer<ConsumerDescribeReply>& answer) const {
  const auto group = groups_.find(request.group);
  if (!is_consumer_group(group.get()))
    return refuse<ConsumerDescribeReply>(answer, not_a_consumer_group(request.group));
  answer(describe_consumer(*group));
}

Outcome ConsumerCoordinator::check(const MemberOffsetFetchRequest& request) const {
  const auto group = groups_.find(request.fetch.group);
  if (!is_consumer_group(group.get())) return {};
  if (request.member_id.empty() && request.member_epoch < 0) return {};
  return check_present(group->group(), request.member_id, request.member_epoch);
}

}  // namespace hailstorm::groups
