#include "broker/groups/group.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "broker/groups/heartbeat_check.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicPartition;

namespace {

constexpr int32_t kDefaultRebalanceTimeoutMs = 30'000;

std::vector<std::string> subscription(const wire::GroupHeartbeatRequest& request) {
  std::vector<std::string> topics = request.topics;
  std::sort(topics.begin(), topics.end());
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

}  // namespace

Outcome Group::heartbeat(const Request& request, int64_t now_ms) {
  const HeartbeatCheck check(name_, members_, topics_, options_.max_members_per_group);
  if (Outcome bad = check.check(request); bad.code != ErrorCode::none) return bad;
  if (request.member_epoch == wire::kJoinEpoch) {
    join(request, now_ms);
  } else if (request.member_epoch < 0) {
    leave(request, now_ms);
  } else {
    stay(request, now_ms);
  }
  return {};
}

wire::GroupHeartbeatReply Group::reply_to(const wire::GroupHeartbeatRequest& request) const {
  wire::GroupHeartbeatReply reply;
  reply.member_epoch = request.member_epoch;
  reply.heartbeat_interval_ms = options_.heartbeat_interval_ms;
  if (request.member_epoch < 0) return reply;
  const Member& member = *members_.find(request.member_id);
  reply.member_epoch = member.epoch;
  // At least three heartbeats a session, however short the member wants it.
  reply.heartbeat_interval_ms =
      std::min(options_.heartbeat_interval_ms, std::max(1, member.session_timeout_ms / 3));
  for (const auto& [id, since] : member.assigned) reply.assignment.push_back(id);
  reply.missing_topics = topics_.missing(member);
  return reply;
}

void Group::join(const Request& request, int64_t now_ms) {
  const bool is_new = members_.find(request.member_id) == nullptr &&
                      members_.find_instance(request.instance_id) == nullptr;
  Member& member = enter(request);
  if (update(member, request, now_ms) || is_new) reassign();
  reconcile(member, {}, now_ms);
}

/// The member that starts, holding nothing yet. A static member's successor inherits its target at
/// once, even if the old member did not say that it leaves. Kafka makes the newcomer wait for the
/// session timeout (UNRELEASED_INSTANCE_ID). Here a process that was killed must be able to come
/// back at once, so the newcomer replaces the old member. If that one still lives, it is fenced:
/// its heartbeats fail, and its commits name a member that is gone. When the newcomer is gone, or
/// away, the old member's next heartbeat is answered "unknown", and it may join again.
Member& Group::enter(const Request& request) {
  Member made;
  const Member* old = members_.find_instance(request.instance_id);
  if (old != nullptr && old->id != request.member_id) {
    made.target = old->target;
    made.topics = old->topics;
    remove(old->id);
  }
  if (members_.find(request.member_id) == nullptr) {
    made.id = request.member_id;
    made.instance_id = request.instance_id;
    changed_.insert(made.id);
    return members_.add(std::move(made));
  }
  // A member that joins holds nothing, whatever was known of it; reconcile() gives back what is
  // still its own. That is no change if it had just joined and only the reply was lost.
  Member& member = members_.at(request.member_id);
  const bool released = owners_.release_unless(member.assigned, [&](const auto& held) {
    return member.target.contains(held.first) && held.second == epoch_ && !member.is_rewound(held);
  });
  if (released || !member.revoking.empty()) changed_.insert(member.id);
  owners_.release(member.revoking);
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
      rebalance_ms == member.rebalance_timeout_ms && request.details == member.details) {
    return false;
  }
  member.details = request.details;
  member.session_timeout_ms = session_ms;
  member.rebalance_timeout_ms = rebalance_ms;
  if (!same_topics) topics_.first_see(members_, topics);
  member.topics = std::move(topics);
  changed_.insert(member.id);
  return !same_topics;
}

void Group::stay(const Request& request, int64_t now_ms) {
  Member& member = members_.at(request.member_id);
  if (update(member, request, now_ms)) reassign();
  reconcile(member, topics_.with_ids(request.owned), now_ms);
}

void Group::leave(const Request& request, int64_t now_ms) {
  if (request.member_epoch == wire::kLeaveStaticEpoch) {
    return go_away(members_.at(request.member_id), now_ms);
  }
  remove(request.member_id);
  reassign();
}

void Group::go_away(Member& member, int64_t now_ms) {
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  if (member.away()) return;
  owners_.release(member.revoking);
  owners_.release_unless(member.assigned,
                         [&](const auto& held) { return member.target.contains(held.first); });
  member.previous_epoch = member.epoch;
  member.epoch = wire::kLeaveStaticEpoch;
  changed_.insert(member.id);
}

/// One step towards the target: first takes note of what the member has released, then announces
/// what it must release, and only if that is nothing gives it what is free. What it must release is
/// always announced first and released by a later heartbeat, even if this one does not name it: the
/// member may be about to take it up from the last reply.
void Group::reconcile(Member& member, const Partitions& owned, int64_t now_ms) {
  const auto still_held = [&](const auto& held) { return owned.contains(held.first); };
  if (!member.revoking.empty()) {
    if (std::any_of(member.revoking.begin(), member.revoking.end(), still_held)) return;
    owners_.release(member.revoking);
    changed_.insert(member.id);
  }
  if (!begin_revocation(member, now_ms)) take_free_partitions(member);
}

bool Group::begin_revocation(Member& member, int64_t now_ms) {
  for (auto held = member.assigned.begin(); held != member.assigned.end();) {
    const auto next = std::next(held);
    if (!member.target.contains(held->first) || member.is_rewound(*held))
      member.revoking.insert(member.assigned.extract(held));
    held = next;
  }
  if (member.revoking.empty()) return false;
  member.revoke_deadline_ms = now_ms + member.rebalance_timeout_ms;
  changed_.insert(member.id);
  return true;
}

void Group::take_free_partitions(Member& member) {
  if (member.epoch != epoch_) {
    member.previous_epoch = std::max(member.epoch, 0);
    member.epoch = epoch_;
    changed_.insert(member.id);
  }
  for (const TopicPartition& id : member.target) {
    if (!owners_.assign(id, member.id)) continue;
    member.assigned.emplace(id, epoch_);
    changed_.insert(member.id);
  }
}

void Group::remove(const std::string& member_id) {
  const std::string id = member_id;  // it may be the member's own
  Member& member = members_.at(id);
  owners_.release(member.assigned);
  owners_.release(member.revoking);
  changed_.insert(id);
  members_.remove(id);
}

void Group::reassign() {
  ++epoch_;
  topics_.set_subscribed(topics_.existing(members_));
  auto targets = make_targets(members_, topics_);
  for (auto& [id, member] : members_.by_id()) set_target(member, std::move(targets[id]));
}

void Group::set_target(Member& member, Partitions target) {
  if (target == member.target) return;
  member.target = std::move(target);
  changed_.insert(member.id);
  // A member that is away releases at once: it reads nothing.
  if (!member.away()) return;
  owners_.release_unless(member.assigned,
                         [&](const auto& held) { return member.target.contains(held.first); });
}

/// The member learns it from the answer to its next heartbeat, as it learns of any partition that
/// it must release. One that is away releases at once: it reads nothing.
void Group::rewind(const Partitions& ids) {
  if (members_.by_id().empty()) return;
  ++epoch_;
  changed_.insert(std::string());
  for (auto& [id, member] : members_.by_id()) {
    const auto keep = [&](const auto& held) { return !ids.contains(held.first); };
    if (member.away() && owners_.release_unless(member.assigned, keep)) changed_.insert(id);
    for (Holdings* held : {&member.assigned, &member.revoking}) {
      for (auto& [partition, since] : *held) {
        if (!ids.contains(partition)) continue;
        since = epoch_;
        changed_.insert(id);
      }
    }
  }
}

void Group::expire(int64_t now_ms) {
  std::vector<std::string> expired;
  for (const auto& [id, member] : members_.by_id()) {
    const bool slow = !member.revoking.empty() && now_ms >= member.revoke_deadline_ms;
    if (slow || now_ms >= member.session_deadline_ms) expired.push_back(id);
  }
  for (const std::string& id : expired) remove(id);
  if (!expired.empty()) reassign();
}

/// Members of a group mostly have one pattern in common.
void Group::match_patterns() {
  std::map<std::pair<std::string, std::vector<std::string>>, std::vector<std::string>> known;
  for (auto& [id, member] : members_.by_id()) {
    const MemberDetails& details = member.details;
    if (details.topic_pattern.empty()) continue;
    const auto [at, is_new] = known.try_emplace({details.topic_pattern, details.topics});
    if (is_new) at->second = topics_.subscription_of(details);
    member.topics = at->second;
  }
}

void Group::refresh_topics() {
  match_patterns();
  if (topics_.refresh_first_seen(members_)) changed_.insert(std::string());
  if (topics_.existing(members_) == topics_.subscribed()) return;
  reassign();
  changed_.insert(std::string());  // the group itself, even if no member's target is another one
}

std::set<std::string> Group::take_changed() { return std::exchange(changed_, {}); }

void Group::restore(int32_t epoch, SeenTopics subscribed, SeenTopics first_seen) {
  epoch_ = epoch;
  topics_.restore(std::move(subscribed), std::move(first_seen));
}

void Group::restore(Member member, int64_t now_ms) {
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  member.revoke_deadline_ms = now_ms + member.rebalance_timeout_ms;
  for (Holdings* held : {&member.assigned, &member.revoking}) {
    std::erase_if(*held, [&](const auto& one) { return !owners_.assign(one.first, member.id); });
  }
  if (!member.details.topic_pattern.empty())
    member.topics = topics_.subscription_of(member.details);
  members_.add(std::move(member));
}

void Group::clear() {
  epoch_ = 0;
  topics_.restore({}, {});
  changed_.insert(std::string());
}

void Group::assume_seen(const std::string& topic) {
  if (epoch_ != 0 && topics_.assume_seen(topic)) changed_.insert(std::string());
}

void Group::change_all() {
  changed_.insert(std::string());
  for (const auto& [id, member] : members_.by_id()) changed_.insert(id);
}

}  // namespace hailstorm::groups
