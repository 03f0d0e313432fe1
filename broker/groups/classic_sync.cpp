#include <algorithm>
#include <utility>

#include "broker/groups/classic_group.h"

// The second half of a rebalance: the leader's assignment becomes durable, and each member gets its
// share of it.
namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

Outcome ClassicGroup::check_sync(const ClassicSyncRequest& request) const {
  if (Outcome bad = members_.check(request.member_id, request.instance_id);
      bad.code != ErrorCode::none)
    return bad;
  if (request.generation != generation_) return other_generation(request.generation);
  const bool is_other_type =
      !request.protocol_type.empty() && request.protocol_type != protocol_type_;
  const bool is_other = !request.protocol.empty() && request.protocol != protocol_;
  if (is_other_type || is_other) {
    return {ErrorCode::inconsistent_group_protocol,
            "the group shares by " + protocol_type_ + "/" + protocol_};
  }
  return state_ == State::preparing_rebalance ? rebalancing() : Outcome();
}

void ClassicGroup::sync(const ClassicSyncRequest& request, int64_t now_ms,
                        Answer<ClassicSyncReply> answer) {
  if (Outcome bad = check_sync(request); bad.code != ErrorCode::none)
    return refuse<ClassicSyncReply>(answer, std::move(bad));
  ClassicMember& member = *members_.find(request.member_id);
  member.session_deadline_ms = now_ms + member.session_timeout_ms;
  member.owes_sync = false;
  if (state_ == State::stable) return answer({{}, protocol_type_, protocol_, member.assignment});
  if (member.sync_answer) refuse<ClassicSyncReply>(member.sync_answer, rebalancing());
  member.sync_answer = std::move(answer);
  if (member.id == leader_) take_assignments(request);
}

void ClassicGroup::take_assignments(const ClassicSyncRequest& request) {
  const bool is_on_its_way = std::ranges::any_of(stores_, [&](const Store& store) {
    return store.has_assignment && store.generation == generation_;
  });
  if (is_on_its_way) return;  // it asks again
  for (const auto& assignment : request.assignments) {
    ClassicMember* const member = members_.find(assignment.member_id);
    if (member != nullptr) member->assignment = assignment.bytes;
  }
  write_record();
  wants_store_ = true;
  next_store_.has_assignment = true;
}

void ClassicGroup::begin_store() {
  wants_store_ = false;
  next_store_.generation = generation_;
  stores_.push_back(std::exchange(next_store_, {}));
}

void ClassicGroup::end_store(const Status& stored, int64_t now_ms) {
  const Store store = std::move(stores_.front());
  stores_.pop_front();
  for (const auto& then : store.then) then(stored);
  const bool is_awaited = store.has_assignment && store.generation == generation_ &&
                          state_ == State::completing_rebalance;
  if (!is_awaited) return;
  if (stored.ok()) {
    state_ = State::stable;
    return answer_syncs();
  }
  fail_syncs(outcome_of(stored));
  begin_rebalance(now_ms);
}

void ClassicGroup::answer_syncs() {
  for (auto& [id, member] : members_.by_id()) {
    if (!member.sync_answer) continue;
    std::exchange(member.sync_answer, {})({{}, protocol_type_, protocol_, member.assignment});
  }
}

void ClassicGroup::fail_syncs(const Outcome& why) {
  for (auto& [id, member] : members_.by_id()) {
    if (!member.sync_answer) continue;
    refuse<ClassicSyncReply>(std::exchange(member.sync_answer, {}), why);
  }
}

}  // namespace hailstorm::groups
