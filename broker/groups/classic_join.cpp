#include <algorithm>
#include <utility>

#include "broker/groups/classic_group.h"

// The first half of a rebalance: how members come into the group, for the first time, again, or in
// the place of another.
namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

// A member that joins for the first time and waits is removed after so long: its process may be
// gone, and an answer is the only sign of life that it would get.
constexpr int64_t kNewMemberMs = 5 * 60 * 1000;

}  // namespace

void ClassicGroup::join(const Join& request, const std::string& new_id, int64_t now_ms,
                        Answer<ClassicJoinReply> answer) {
  ClassicJoinReply refusal;
  refusal.member_id = request.member_id;
  refusal.outcome = check_join(request);
  if (refusal.outcome.code != ErrorCode::none) return answer(std::move(refusal));
  if (!request.member_id.empty()) {
    if (given_ids_.erase(request.member_id) > 0)
      return enter(request, request.member_id, now_ms, std::move(answer));
    return rejoin(*members_.find(request.member_id), request, now_ms, std::move(answer));
  }
  if (!members_.id_of_instance(request.instance_id).empty())
    return take_place(request, new_id, now_ms, std::move(answer));
  if (!request.instance_id.empty() || !request.asks_for_id)
    return enter(request, new_id, now_ms, std::move(answer));
  given_ids_[new_id] = now_ms + request.session_timeout_ms;
  refusal.member_id = new_id;
  refusal.outcome = {ErrorCode::member_id_required, "join again with the member id given here"};
  answer(std::move(refusal));
}

Outcome ClassicGroup::check_join(const Join& request) const {
  if (request.session_timeout_ms < options_.min_session_timeout_ms ||
      request.session_timeout_ms > options_.max_session_timeout_ms) {
    return {ErrorCode::invalid_session_timeout,
            "the session timeout may be " + std::to_string(options_.min_session_timeout_ms) +
                " to " + std::to_string(options_.max_session_timeout_ms) + " ms"};
  }
  const bool is_given = given_ids_.contains(request.member_id) && request.instance_id.empty();
  if (!request.member_id.empty() && !is_given) {
    if (Outcome bad = members_.check(request.member_id, request.instance_id);
        bad.code != ErrorCode::none)
      return bad;
  }
  const bool is_new =
      request.member_id.empty() && members_.id_of_instance(request.instance_id).empty();
  const auto most = static_cast<size_t>(options_.max_members_per_group);
  if (is_new && members_.size() + given_ids_.size() >= most) {
    return {ErrorCode::group_max_size_reached,
            "the group has " + std::to_string(most) + " members already"};
  }
  const bool is_other_type = !members_.empty() && request.protocol_type != protocol_type_;
  const bool has_common = members_.empty() || members_.can_all_do_one_of(request.protocols);
  if (request.protocol_type.empty() || request.protocols.empty() || is_other_type || !has_common) {
    return {ErrorCode::inconsistent_group_protocol,
            "its protocol type is not the group's, or the members have no protocol in common"};
  }
  return {};
}

void ClassicGroup::enter(const Join& request, const std::string& id, int64_t now_ms,
                         Answer<ClassicJoinReply> answer) {
  if (members_.empty()) protocol_type_ = request.protocol_type;
  ClassicMember member;
  member.id = id;
  member.instance_id = request.instance_id;
  await_join(members_.add(std::move(member)), request, now_ms, std::move(answer));
  if (state_ != State::preparing_rebalance) begin_rebalance(now_ms);
  try_complete_join(now_ms);
}

void ClassicGroup::rejoin(ClassicMember& member, const Join& request, int64_t now_ms,
                          Answer<ClassicJoinReply> answer) {
  const bool is_same = member.protocols == request.protocols;
  const bool leads = member.id == leader_;
  // While completing the answer to its join may have been lost. A leader that joins a stable group
  // wants to share again.
  const bool needs_nothing = (state_ == State::completing_rebalance && is_same) ||
                             (state_ == State::stable && is_same && !leads);
  if (needs_nothing) {
    member.session_deadline_ms = now_ms + member.session_timeout_ms;
    return answer(reply_to(member));
  }
  await_join(member, request, now_ms, std::move(answer));
  if (state_ != State::preparing_rebalance) begin_rebalance(now_ms);
  try_complete_join(now_ms);
}

/// A static member that starts again, under another id and with what its instance had. The other
/// members notice nothing, as long as the group's protocol remains.
void ClassicGroup::take_place(const Join& request, const std::string& new_id, int64_t now_ms,
                              Answer<ClassicJoinReply> answer) {
  const std::string old_id = members_.id_of_instance(request.instance_id);
  ClassicMember member = *members_.find(old_id);
  remove(old_id, {ErrorCode::fenced_instance_id,
                  "instance " + request.instance_id + " of the group is another member now"});
  member.id = new_id;
  member.join_answer = {};
  member.sync_answer = {};
  const bool leads = leader_ == old_id;
  if (leads) leader_ = new_id;
  ClassicMember& added = members_.add(std::move(member));
  const bool was_stable = state_ == State::stable;
  await_join(added, request, now_ms, std::move(answer));
  if (!was_stable || members_.vote() != protocol_) {
    if (state_ != State::preparing_rebalance) begin_rebalance(now_ms);
    return try_complete_join(now_ms);
  }
  added.session_deadline_ms = now_ms + added.session_timeout_ms;
  ClassicJoinReply reply = reply_to(added);
  reply.skip_assignment = leads && request.can_skip_assignment;
  if (leads && !request.can_skip_assignment) {  // it must not know that it leads: it would assign
    reply.leader = old_id;
    reply.members.clear();
  }
  write_record();
  wants_store_ = true;
  next_store_.then.push_back(sends(std::exchange(added.join_answer, {}), std::move(reply)));
}

/// Takes over what the request says, and keeps its answer for the next generation.
void ClassicGroup::await_join(ClassicMember& member, const Join& request, int64_t now_ms,
                              Answer<ClassicJoinReply> answer) {
  member.client_id = request.client_id;
  member.client_host = request.client_host;
  member.session_timeout_ms = request.session_timeout_ms;
  member.rebalance_timeout_ms = request.rebalance_timeout_ms;
  member.protocols = request.protocols;
  member.session_deadline_ms =
      now_ms + (member.is_new ? std::max<int64_t>(kNewMemberMs, member.session_timeout_ms)
                              : member.session_timeout_ms);
  if (member.join_answer) refuse<ClassicJoinReply>(member.join_answer, rebalancing());
  member.join_answer = std::move(answer);
}

ClassicJoinReply ClassicGroup::reply_to(const ClassicMember& member) const {
  ClassicJoinReply reply;
  reply.generation = generation_;
  reply.protocol_type = protocol_type_;
  reply.protocol = protocol_;
  reply.leader = leader_;
  reply.member_id = member.id;
  if (member.id != leader_) return reply;
  for (const auto& [id, one] : members_.by_id())
    reply.members.push_back({id, one.instance_id, one.metadata(protocol_)});
  return reply;
}

}  // namespace hailstorm::groups
