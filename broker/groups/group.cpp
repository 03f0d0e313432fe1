#include "broker/groups/group.h"

#include <algorithm>
#include <utility>

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicPartition;

namespace {

constexpr int32_t kDefaultRebalanceTimeoutMs = 30'000;
constexpr size_t kMaxNameBytes = 1000;
constexpr size_t kMaxTopics = 1000;

std::vector<std::string> subscription(const wire::GroupHeartbeatRequest& request) {
  std::vector<std::string> topics = request.topics;
  std::sort(topics.begin(), topics.end());
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

bool too_long(const std::string& name) { return name.size() > kMaxNameBytes; }

Outcome check_shape(const wire::GroupHeartbeatRequest& request) {
  if (request.member_id.empty()) {
    return {ErrorCode::invalid_request, "a heartbeat needs a member id, made by the member"};
  }
  if (too_long(request.member_id) || too_long(request.instance_id) ||
      request.topics.size() > kMaxTopics ||
      std::any_of(request.topics.begin(), request.topics.end(), too_long)) {
    return {ErrorCode::invalid_request,
            "ids and topic names have at most 1000 bytes, a subscription at most 1000 topics"};
  }
  if (request.member_epoch < wire::kLeaveStaticEpoch) {
    return {ErrorCode::invalid_request,
            "there is no member epoch " + std::to_string(request.member_epoch)};
  }
  return {};
}

std::string fenced_text(const std::string& member_id, int32_t named, int32_t current) {
  return "member " + member_id + " named epoch " + std::to_string(named) + ", it has " +
         std::to_string(current) + "; let go of all partitions and join again";
}

}  // namespace

template <class Keep>
bool Group::keep_only(Member& member, Keep&& keep) {
  return std::erase_if(member.assigned, [&](const auto& held) {
           if (keep(held)) return false;
           owners_.erase(held.first);
           return true;
         }) > 0;
}

Outcome Group::heartbeat(const Request& request, int64_t now_ms) {
  if (Outcome bad = check_shape(request); bad.code != ErrorCode::none) return bad;
  if (request.member_epoch == wire::kJoinEpoch) return join(request, now_ms);
  if (request.member_epoch < 0) return leave(request, now_ms);
  return stay(request, now_ms);
}

wire::GroupHeartbeatReply Group::reply_to(const Request& request) const {
  wire::GroupHeartbeatReply reply;
  reply.member_epoch = request.member_epoch;
  reply.heartbeat_interval_ms = options_.heartbeat_interval_ms;
  if (request.member_epoch < 0) return reply;
  const Member& member = members_.at(request.member_id);
  reply.member_epoch = member.epoch;
  // At least three heartbeats a session, however short the member wants it.
  reply.heartbeat_interval_ms =
      std::min(options_.heartbeat_interval_ms, std::max(1, member.session_timeout_ms / 3));
  for (const auto& [id, since] : member.assigned) reply.assignment.push_back(id);
  reply.missing_topics = missing_topics(member);
  return reply;
}

Outcome Group::join(const Request& request, int64_t now_ms) {
  const auto known = members_.find(request.member_id);
  if (known != members_.end() && known->second.instance_id != request.instance_id) {
    return {ErrorCode::invalid_request,
            "member " + request.member_id + " cannot change its instance id"};
  }
  const bool replaces = !request.instance_id.empty() && instances_.contains(request.instance_id);
  if (known == members_.end() && !replaces &&
      members_.size() >= static_cast<size_t>(options_.max_members_per_group)) {
    return {ErrorCode::group_max_size_reached,
            "group " + name_ + " has " + std::to_string(members_.size()) + " members already"};
  }
  const bool is_new = known == members_.end() && !replaces;
  Member& member = enter(request);
  if (update(member, request, now_ms) || is_new) assign_anew();
  reconcile(member, {}, now_ms);
  return {};
}

/// The entry for a member that starts, holding nothing yet. A static member's successor inherits
/// its target at once, even if the old one did not say that it leaves. Kafka makes the newcomer
/// wait for the session timeout (UNRELEASED_INSTANCE_ID); here a process that was killed must be
/// able to come back at once, so the newcomer wins and the old one, should it still live, is
/// fenced: its heartbeats fail, and its commits name a member that is gone. It may go on to ask: as
/// soon as the newcomer is gone, or away, it hears that it is unknown, and may join again.
Member& Group::enter(const Request& request) {
  Partitions inherited;
  const auto instance = instances_.find(request.instance_id);
  std::vector<std::string> topics;
  if (instance != instances_.end() && instance->second != request.member_id) {
    const std::string old_id = instance->second;
    inherited = std::move(members_.at(old_id).target);
    topics = std::move(members_.at(old_id).topics);
    remove(old_id);
  }
  const auto [at, is_new] = members_.try_emplace(request.member_id);
  Member& member = at->second;
  if (is_new) {
    member.id = request.member_id;
    member.instance_id = request.instance_id;
    member.target = std::move(inherited);
    member.topics = std::move(topics);
    if (!member.instance_id.empty()) instances_[member.instance_id] = member.id;
    changed_.insert(member.id);
  }
  // Who joins holds nothing, whatever was known of it; reconcile() gives back what is still its
  // own. That is no change if it had just joined and only the answer was lost.
  const bool dropped = keep_only(member, [&](const auto& held) {
    return member.target.contains(held.first) && held.second == epoch_;
  });
  if (dropped || !member.revoking.empty()) changed_.insert(member.id);
  release(member.revoking);
  return member;
}

bool Group::update(Member& member, const Request& request, int64_t now_ms) {
  const int32_t wanted =
      request.session_timeout_ms > 0 ? request.session_timeout_ms : options_.session_timeout_ms;
  const int32_t session_ms =
      std::clamp(wanted, options_.min_session_timeout_ms, options_.max_session_timeout_ms);
  const int32_t rebalance_ms =
      request.rebalance_timeout_ms > 0 ? request.rebalance_timeout_ms : kDefaultRebalanceTimeoutMs;
  member.session_deadline_ms = now_ms + session_ms;
  std::vector<std::string> topics = subscription(request);
  const bool same_topics = topics == member.topics;
  if (same_topics && session_ms == member.session_timeout_ms &&
      rebalance_ms == member.rebalance_timeout_ms) {
    return false;
  }
  member.session_timeout_ms = session_ms;
  member.rebalance_timeout_ms = rebalance_ms;
  if (!same_topics) first_see(topics);
  member.topics = std::move(topics);
  changed_.insert(member.id);
  return !same_topics;
}

Outcome Group::no_such_member(const Request& request) const {
  const auto other = instances_.find(request.instance_id);
  if (other != instances_.end() && !members_.at(other->second).away()) {
    return {ErrorCode::fenced_instance_id,
            "instance " + request.instance_id + " of group " + name_ +
                " is another member now; wait until that one leaves, or use an instance id of "
                "your own"};
  }
  return {ErrorCode::unknown_member_id, "group " + name_ + " has no member " + request.member_id +
                                            "; let go of all partitions and join again"};
}

Outcome Group::check_member(const Request& request) const {
  const auto at = members_.find(request.member_id);
  if (at == members_.end()) return no_such_member(request);
  const Member& member = at->second;
  if (member.instance_id != request.instance_id) {
    return {ErrorCode::fenced_instance_id,
            "member " + member.id + " did not join with instance id " + request.instance_id};
  }
  if (request.member_epoch < 0 || request.member_epoch == member.epoch) return {};
  // The answer that told the new epoch may have been lost on its way.
  const bool retried =
      request.member_epoch == member.previous_epoch &&
      std::all_of(request.owned.begin(), request.owned.end(),
                  [&](const TopicPartition& id) { return member.has(with_id(id)); });
  if (retried && !member.away()) return {};
  return {ErrorCode::fenced_member_epoch,
          fenced_text(member.id, request.member_epoch, member.epoch)};
}

Outcome Group::stay(const Request& request, int64_t now_ms) {
  if (Outcome bad = check_member(request); bad.code != ErrorCode::none) return bad;
  Member& member = members_.at(request.member_id);
  if (update(member, request, now_ms)) assign_anew();
  reconcile(member, owned_in(request), now_ms);
  return {};
}

Outcome Group::leave(const Request& request, int64_t now_ms) {
  const bool for_a_moment = request.member_epoch == wire::kLeaveStaticEpoch;
  if (for_a_moment && request.instance_id.empty()) {
    return {ErrorCode::invalid_request, "only a member with an instance id may leave for a moment"};
  }
  if (Outcome bad = check_member(request); bad.code != ErrorCode::none) return bad;
  if (for_a_moment) {
    go_away(members_.at(request.member_id), now_ms);
  } else {
    remove(request.member_id);
    assign_anew();
  }
  return {};
}

void Group::go_away(Member& member, int64_t now_ms) {
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  if (member.away()) return;
  release(member.revoking);
  keep_only(member, [&](const auto& held) { return member.target.contains(held.first); });
  member.previous_epoch = member.epoch;
  member.epoch = wire::kLeaveStaticEpoch;
  changed_.insert(member.id);
}

/// One step towards the target: first confirm what was let go, then ask for what must go, and only
/// when nothing must go take what is free. What must go is always announced first and released by
/// a later heartbeat, even if this one does not name it: the member may be about to take it up
/// from the last answer.
void Group::reconcile(Member& member, const Partitions& owned, int64_t now_ms) {
  const auto still_held = [&](const auto& held) { return owned.contains(held.first); };
  if (!member.revoking.empty()) {
    if (std::any_of(member.revoking.begin(), member.revoking.end(), still_held)) return;
    release(member.revoking);
    changed_.insert(member.id);
  }
  for (auto held = member.assigned.begin(); held != member.assigned.end();) {
    const auto next = std::next(held);
    if (!member.target.contains(held->first)) member.revoking.insert(member.assigned.extract(held));
    held = next;
  }
  if (!member.revoking.empty()) {
    member.revoke_deadline_ms = now_ms + member.rebalance_timeout_ms;
    changed_.insert(member.id);
    return;
  }
  take_what_is_free(member);
}

void Group::take_what_is_free(Member& member) {
  if (member.epoch != epoch_) {
    member.previous_epoch = std::max(member.epoch, 0);
    member.epoch = epoch_;
    changed_.insert(member.id);
  }
  for (const TopicPartition& id : member.target) {
    if (!owners_.try_emplace(id, member.id).second) continue;
    member.assigned.emplace(id, epoch_);
    changed_.insert(member.id);
  }
}

void Group::release(Holdings& holdings) {
  for (const auto& [id, since] : holdings) owners_.erase(id);
  holdings.clear();
}

void Group::remove(const std::string& member_id) {
  const auto at = members_.find(member_id);
  release(at->second.assigned);
  release(at->second.revoking);
  if (!at->second.instance_id.empty()) instances_.erase(at->second.instance_id);
  changed_.insert(member_id);
  members_.erase(at);
}

void Group::assign_anew() {
  ++epoch_;
  subscribed_ = subscribed_now();
  AssignorInput input;
  for (const auto& [name, topic] : subscribed_) input.partitions[name] = topic.partitions;
  const auto is_there = [&](const TopicPartition& id) {
    const auto topic = subscribed_.find(id.topic);
    return topic != subscribed_.end() && topic->second.id == id.topic_id;
  };
  for (auto& [id, member] : members_) {
    auto& [topics, previous] = input.members[id];
    topics = member.topics;
    for (const TopicPartition& had : member.target) {
      if (is_there(had)) previous.insert(wire::by_name(had));
    }
  }
  auto targets = assign(input);
  for (auto& [id, member] : members_) {
    Partitions target;
    for (const TopicPartition& given : targets[id]) target.insert(with_id(given));
    if (target == member.target) continue;
    member.target = target;
    changed_.insert(id);
    // Where nobody is there, nobody has to let go first.
    if (!member.away()) continue;
    keep_only(member, [&](const auto& held) { return target.contains(held.first); });
  }
}

void Group::expire(int64_t now_ms) {
  std::vector<std::string> expired;
  for (const auto& [id, member] : members_) {
    const bool slow = !member.revoking.empty() && now_ms >= member.revoke_deadline_ms;
    if (slow || now_ms >= member.session_deadline_ms) expired.push_back(id);
  }
  for (const std::string& id : expired) remove(id);
  if (!expired.empty()) assign_anew();
}

void Group::refresh_topics() {
  refresh_first_seen();
  if (subscribed_now() == subscribed_) return;
  assign_anew();
  changed_.insert(std::string());  // the group itself, even if no member's target is another one
}

}  // namespace hailstorm::groups
