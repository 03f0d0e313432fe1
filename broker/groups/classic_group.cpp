#include "broker/groups/classic_group.h"

#include <algorithm>
#include <utility>

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

Outcome silent(const std::string& id) {
  return {ErrorCode::unknown_member_id, "member " + id + " was silent for too long; join again"};
}

}  // namespace

void ClassicGroup::expire(int64_t now_ms) {
  std::erase_if(given_ids_, [&](const auto& given) { return given.second <= now_ms; });
  expire_members(now_ms);
  if (state_ != State::preparing_rebalance) return;
  if (now_ms >= join_deadline_ms_) {
    complete_join(now_ms);
  } else {
    try_complete_join(now_ms);
  }
}

void ClassicGroup::expire_members(int64_t now_ms) {
  const bool is_sync_over = state_ != State::preparing_rebalance && now_ms >= sync_deadline_ms_;
  std::vector<std::string> expired;
  for (const auto& [id, member] : members_.by_id()) {
    const bool waits = (member.join_answer && !member.is_new) || member.sync_answer;
    const bool is_silent = !waits && now_ms >= member.session_deadline_ms;
    if (is_silent || (is_sync_over && member.owes_sync)) expired.push_back(id);
  }
  for (const std::string& id : expired) remove(id, silent(id));
  if (!expired.empty()) after_removal(now_ms);
}

Outcome ClassicGroup::heartbeat(const ClassicHeartbeatRequest& request, int64_t now_ms) {
  if (Outcome bad = members_.check(request.member_id, request.instance_id);
      bad.code != ErrorCode::none)
    return bad;
  if (request.generation != generation_) return other_generation(request.generation);
  ClassicMember& member = *members_.find(request.member_id);
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  return state_ == State::preparing_rebalance ? rebalancing() : Outcome();
}

Outcome ClassicGroup::check_commit(const ClassicCommitRequest& request, int64_t now_ms) {
  const bool is_of_nobody =
      request.generation < 0 && request.member_id.empty() && request.instance_id.empty();
  if (is_of_nobody) {
    if (members_.empty()) return {};
    return {ErrorCode::unknown_member_id,
            "the group has " + std::to_string(members_.size()) +
                " members; stop them before its offsets are set by hand"};
  }
  if (Outcome bad = members_.check(request.member_id, request.instance_id);
      bad.code != ErrorCode::none)
    return bad;
  if (request.generation != generation_) return other_generation(request.generation);
  if (state_ == State::completing_rebalance) return rebalancing();
  ClassicMember& member = *members_.find(request.member_id);
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  return {};
}

Outcome ClassicGroup::rebalancing() {
  return {ErrorCode::rebalance_in_progress, "the group shares its partitions again; join again"};
}

Outcome ClassicGroup::other_generation(int32_t named) const {
  return {ErrorCode::illegal_generation, "the group has generation " + std::to_string(generation_) +
                                             ", not " + std::to_string(named) + "; join again"};
}

ClassicLeaveReply ClassicGroup::leave(const ClassicLeaveRequest& request, int64_t now_ms) {
  ClassicLeaveReply reply;
  bool has_left = false;
  for (const auto& leaving : request.members) {
    if (given_ids_.erase(leaving.id) > 0) {
      reply.members.emplace_back();
      has_left = true;
      continue;
    }
    const std::string id =
        leaving.id.empty() ? members_.id_of_instance(leaving.instance_id) : leaving.id;
    Outcome& outcome = reply.members.emplace_back(members_.check(id, leaving.instance_id));
    if (outcome.code != ErrorCode::none) continue;
    remove(id, {ErrorCode::unknown_member_id, "member " + id + " has left the group"});
    has_left = true;
  }
  if (has_left) after_removal(now_ms);
  return reply;
}

void ClassicGroup::remove(const std::string& member_id, const Outcome& why) {
  ClassicMember& member = *members_.find(member_id);
  if (member.join_answer) refuse<ClassicJoinReply>(member.join_answer, why);
  if (member.sync_answer) refuse<ClassicSyncReply>(member.sync_answer, why);
  members_.remove(member_id);
}

void ClassicGroup::after_removal(int64_t now_ms) {
  const bool has_shared = state_ == State::stable || state_ == State::completing_rebalance;
  if (has_shared) begin_rebalance(now_ms);
  try_complete_join(now_ms);
}

void ClassicGroup::begin_rebalance(int64_t now_ms) {
  if (state_ == State::completing_rebalance) fail_syncs(rebalancing());
  const bool is_first = state_ == State::empty;
  join_not_before_ms_ = now_ms + (is_first ? options_.initial_rebalance_delay_ms : 0);
  join_deadline_ms_ = now_ms + members_.rebalance_timeout_ms();
  state_ = State::preparing_rebalance;
}

void ClassicGroup::try_complete_join(int64_t now_ms) {
  if (state_ != State::preparing_rebalance) return;
  const bool waits = now_ms < join_not_before_ms_ || !given_ids_.empty();
  if (!members_.empty() && (waits || !members_.have_all_joined())) return;
  complete_join(now_ms);
}

/// Members that have not joined again by now are removed. Static ones are only away for a moment,
/// until their session is over.
void ClassicGroup::complete_join(int64_t now_ms) {
  std::vector<std::string> absent;
  for (const auto& [id, member] : members_.by_id()) {
    if (!member.join_answer && !member.is_static()) absent.push_back(id);
  }
  for (const std::string& id : absent) members_.remove(id);
  if (members_.empty()) return become_empty();
  if (!elect_leader()) {
    join_deadline_ms_ = now_ms + members_.rebalance_timeout_ms();
    return;
  }
  ++generation_;
  protocol_ = members_.vote();
  state_ = State::completing_rebalance;
  sync_deadline_ms_ = now_ms + members_.rebalance_timeout_ms();
  for (auto& [id, member] : members_.by_id()) {
    member.owes_sync = true;
    member.assignment.clear();
    if (!member.join_answer) continue;
    member.is_new = false;
    member.session_deadline_ms = now_ms + member.session_timeout_ms;
    std::exchange(member.join_answer, {})(reply_to(member));
  }
}

bool ClassicGroup::elect_leader() {
  const ClassicMember* const leader = members_.find(leader_);
  if (leader != nullptr && leader->join_answer) return true;
  const auto joined = std::ranges::find_if(
      members_.by_id(), [](const auto& one) { return static_cast<bool>(one.second.join_answer); });
  if (joined == members_.by_id().end()) return false;
  leader_ = joined->first;
  return true;
}

void ClassicGroup::become_empty() {
  ++generation_;
  protocol_.clear();
  leader_.clear();
  state_ = State::empty;
  write_record();
}

void ClassicGroup::write_record() {
  ClassicGroupValue value;
  value.protocol_type = protocol_type_;
  value.generation = generation_;
  value.protocol = protocol_;
  value.leader = leader_;
  for (const auto& [id, member] : members_.by_id()) {
    value.members.push_back({.id = id,
                             .instance_id = member.instance_id,
                             .client_id = member.client_id,
                             .client_host = member.client_host,
                             .rebalance_timeout_ms = member.rebalance_timeout_ms,
                             .session_timeout_ms = member.session_timeout_ms,
                             .subscription = member.metadata(protocol_),
                             .assignment = member.assignment});
  }
  record_ = std::move(value);
  changed_ = true;
}

void ClassicGroup::restore(ClassicGroupValue value, int64_t now_ms) {
  protocol_type_ = value.protocol_type;
  generation_ = value.generation;
  protocol_ = value.protocol;
  leader_ = value.leader;
  for (const auto& stored : value.members) {
    const bool is_there =
        members_.find(stored.id) != nullptr || !members_.id_of_instance(stored.instance_id).empty();
    if (is_there) continue;
    ClassicMember member;
    member.id = stored.id;
    member.instance_id = stored.instance_id;
    member.client_id = stored.client_id;
    member.client_host = stored.client_host;
    member.rebalance_timeout_ms = stored.rebalance_timeout_ms;
    member.session_timeout_ms = stored.session_timeout_ms;
    member.protocols = {{protocol_, stored.subscription}};
    member.assignment = stored.assignment;
    member.is_new = false;
    member.session_deadline_ms = now_ms + member.session_timeout_ms;
    members_.add(std::move(member));
  }
  state_ = members_.empty() ? State::empty : State::stable;
  record_ = std::move(value);
}

int64_t ClassicGroup::held_bytes() const {
  int64_t bytes = 0;
  for (const auto& [id, member] : members_.by_id()) bytes += member.held_bytes();
  return bytes;
}

void ClassicGroup::clear() {
  state_ = State::empty;
  generation_ = 0;
  protocol_type_.clear();
  given_ids_.clear();
  changed_ = changed_ || record_.has_value();
  record_.reset();
}

std::string_view name_of(ClassicGroup::State state) {
  switch (state) {
    case ClassicGroup::State::empty:
      return "Empty";
    case ClassicGroup::State::preparing_rebalance:
      return "PreparingRebalance";
    case ClassicGroup::State::completing_rebalance:
      return "CompletingRebalance";
    case ClassicGroup::State::stable:
      return "Stable";
  }
  return "Dead";
}

}  // namespace hailstorm::groups
