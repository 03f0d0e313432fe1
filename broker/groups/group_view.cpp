#include <algorithm>
#include <utility>

#include "broker/groups/group.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicPartition;

namespace {

std::string text_of(const TopicPartition& id) {
  return id.topic + "-" + std::to_string(id.partition);
}

}  // namespace

Outcome Group::check_commit(const wire::OffsetCommitRequest& request) const {
  if (request.member_id.empty() && request.member_epoch < 0) {
    if (members_.empty()) return {};
    return {ErrorCode::non_empty_group,
            "group " + name_ + " has " + std::to_string(members_.size()) +
                " members; stop them before its offsets are set by hand"};
  }
  const auto at = members_.find(request.member_id);
  if (at == members_.end()) {
    return {ErrorCode::unknown_member_id,
            "group " + name_ + " has no member " + request.member_id + "; nothing was committed"};
  }
  const Member& member = at->second;
  if (request.member_epoch <= 0 || request.member_epoch > member.epoch) {
    return {ErrorCode::fenced_member_epoch,
            "member " + member.id + " does not have epoch " + std::to_string(request.member_epoch) +
                " but " + std::to_string(member.epoch) + "; nothing was committed"};
  }
  // An older epoch will do for a partition that the member has had ever since (KIP-1251):
  // rebalances that do not concern it are no reason to refuse its work.
  for (const wire::CommittedOffset& offset : request.offsets) {
    const TopicPartition id = with_id(offset.id);
    auto held = member.assigned.find(id);
    if (held == member.assigned.end()) {
      held = member.revoking.find(id);
      if (held == member.revoking.end()) {
        return {ErrorCode::stale_member_epoch, "member " + member.id + " does not own " +
                                                   text_of(offset.id) + "; nothing was committed"};
      }
    }
    if (request.member_epoch < held->second) {
      return {ErrorCode::stale_member_epoch,
              "member " + member.id + " has " + text_of(offset.id) + " since epoch " +
                  std::to_string(held->second) + ", the commit is of epoch " +
                  std::to_string(request.member_epoch) + "; nothing was committed"};
    }
  }
  return {};
}

std::string Group::owner(const TopicPartition& id) const {
  const auto at = owners_.find(id);
  return at == owners_.end() ? std::string() : at->second;
}

wire::GroupSummary Group::summary() const {
  const bool settled = std::all_of(members_.begin(), members_.end(), [&](const auto& entry) {
    const Member& member = entry.second;
    return member.epoch == epoch_ && member.revoking.empty() &&
           member.assigned.size() == member.target.size();
  });
  const char* state = members_.empty() ? "Empty" : settled ? "Stable" : "Reconciling";
  return {name_, state, epoch_, static_cast<int32_t>(members_.size())};
}

std::set<std::string> Group::take_changed() { return std::exchange(changed_, {}); }

void Group::restore(int32_t epoch, SeenTopics subscribed, SeenTopics first_seen) {
  epoch_ = epoch;
  subscribed_ = std::move(subscribed);
  first_seen_ = std::move(first_seen);
}

void Group::change_all() {
  changed_.insert(std::string());
  for (const auto& [id, member] : members_) changed_.insert(id);
}

void Group::restore(Member member, int64_t now_ms) {
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  member.revoke_deadline_ms = now_ms + member.rebalance_timeout_ms;
  for (Holdings* held : {&member.assigned, &member.revoking}) {
    std::erase_if(*held, [&](const auto& entry) {
      return !owners_.try_emplace(entry.first, member.id).second;
    });
  }
  if (!member.instance_id.empty()) instances_[member.instance_id] = member.id;
  const std::string id = member.id;
  members_[id] = std::move(member);
}

}  // namespace hailstorm::groups
