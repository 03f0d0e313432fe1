#include "broker/groups/heartbeat_check.h"

#include <algorithm>

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

constexpr size_t kMaxNameBytes = 1000;
constexpr size_t kMaxTopics = 1000;

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
         std::to_string(current) + "; release all partitions and join again";
}

}  // namespace

Outcome HeartbeatCheck::check(const Request& request) const {
  if (Outcome bad = check_shape(request); bad.code != ErrorCode::none) return bad;
  if (request.member_epoch == wire::kJoinEpoch) return check_join(request);
  if (request.member_epoch == wire::kLeaveStaticEpoch && request.instance_id.empty()) {
    return {ErrorCode::invalid_request, "only a member with an instance id may leave for a moment"};
  }
  return check_member(request);
}

Outcome HeartbeatCheck::check_join(const Request& request) const {
  if (const Member* known = members_.find(request.member_id)) {
    if (known->instance_id == request.instance_id) return {};
    return {ErrorCode::invalid_request,
            "member " + request.member_id + " cannot change its instance id"};
  }
  const Member* const other = members_.find_instance(request.instance_id);
  if (other != nullptr && !other->away() && !request.replaces_instance) {
    return {ErrorCode::unreleased_instance_id,
            "instance " + request.instance_id + " of group " + group_ + " is member " + other->id +
                "; wait until that one has left, or its session has ended"};
  }
  const size_t count = members_.by_id().size();
  if (other == nullptr && count >= static_cast<size_t>(max_members_)) {
    return {ErrorCode::group_max_size_reached,
            "group " + group_ + " has " + std::to_string(count) + " members already"};
  }
  return {};
}

Outcome HeartbeatCheck::check_member(const Request& request) const {
  const Member* member = members_.find(request.member_id);
  if (member == nullptr) return no_such_member(request);
  if (member->instance_id != request.instance_id) {
    return {ErrorCode::fenced_instance_id,
            "member " + member->id + " did not join with instance id " + request.instance_id};
  }
  if (request.member_epoch < 0 || request.member_epoch == member->epoch) return {};
  // The reply with the new epoch may have been lost on its way.
  const bool retried = request.names_owned && request.member_epoch == member->previous_epoch &&
                       std::all_of(request.owned.begin(), request.owned.end(), [&](const auto& id) {
                         return member->has(topics_.with_id(id));
                       });
  if (retried && !member->away()) return {};
  return {ErrorCode::fenced_member_epoch,
          fenced_text(member->id, request.member_epoch, member->epoch)};
}

Outcome HeartbeatCheck::no_such_member(const Request& request) const {
  const Member* other = members_.find_instance(request.instance_id);
  if (other != nullptr && !other->away()) {
    return {ErrorCode::fenced_instance_id,
            "instance " + request.instance_id + " of group " + group_ +
                " is another member now; wait until that one leaves, or use an instance id of "
                "your own"};
  }
  return {ErrorCode::unknown_member_id, "group " + group_ + " has no member " + request.member_id +
                                            "; release all partitions and join again"};
}

}  // namespace hailstorm::groups
