#include "broker/groups/group_limits.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace hailstorm::groups {
namespace {

using wire::ErrorCode;
using wire::Outcome;

// A member's records repeat its names, and list what it holds.
constexpr int64_t kMemberBytes = 1'024;
constexpr int64_t kMemberRecords = 4;
// The name of a subscribed topic is kept three times.
constexpr int64_t kTopicBytes = 192;
constexpr int64_t kNameBytes = 32;
// The memory for the owner of one partition, and for the member whose target has it.
constexpr int64_t kHeldPartitionBytes = 400;

/// The record of a member repeats them.
int64_t bytes_of(const MemberDetails& details) {
  int64_t bytes = std::ssize(details.client_id) + std::ssize(details.client_host) +
                  std::ssize(details.rack_id) + std::ssize(details.topic_pattern);
  for (const std::string& topic : details.topics) bytes += kNameBytes + std::ssize(topic);
  return 2 * bytes;
}

}  // namespace

int64_t GroupLimits::bytes_of(const std::vector<std::string>& topics) const {
  int64_t bytes = 0;
  for (const std::string& topic : topics) {
    bytes += kTopicBytes + 3 * std::ssize(topic);
    bytes += kHeldPartitionBytes * catalog_.partition_count(topic);
  }
  return bytes;
}

void GroupLimits::count(GroupShare& counted, const Group& group, const ClassicGroup& classic,
                        int64_t state_bytes) {
  const int64_t held_bytes = kHeldPartitionBytes * std::ssize(group.owners().all());
  const GroupShare now{group.members().size() + classic.places(),
                       state_bytes + held_bytes + classic.held_bytes()};
  members_ += now.members - counted.members;
  bytes_ += now.bytes - counted.bytes;
  counted = now;
}

void GroupLimits::forget(GroupShare& counted) {
  members_ -= counted.members;
  bytes_ -= counted.bytes;
  counted = {};
}

Outcome GroupLimits::too_many_groups() const {
  return {ErrorCode::policy_violation, "this broker holds at most " +
                                           std::to_string(options_.max_groups) +
                                           " groups; delete some that are not used any more"};
}

Outcome GroupLimits::check_bytes(int64_t more) const {
  if (more <= 0 || bytes_ + more <= options_.max_state_bytes) return {};
  return {ErrorCode::policy_violation,
          "the names, subscriptions and offsets of all groups take at most " +
              std::to_string(options_.max_state_bytes) +
              " bytes; delete groups that are not used any more"};
}

Outcome GroupLimits::check_member(const Group* group, const MemberHeartbeat& request) const {
  if (request.member_epoch < 0) return {};  // it leaves
  const int64_t topics = bytes_of(request.topics);
  if (group != nullptr) {
    const auto& members = group->members();
    const auto known = members.find(request.member_id);
    if (known != members.end()) return check_bytes(topics - bytes_of(known->second.topics));
    const bool takes_a_place = !request.instance_id.empty() &&
                               std::any_of(members.begin(), members.end(), [&](const auto& member) {
                                 return member.second.instance_id == request.instance_id;
                               });
    if (takes_a_place) return {};
  }
  if (request.member_epoch != wire::kJoinEpoch) return {};  // it will be refused by its epoch
  if (members_ >= options_.max_members) return too_many_members();
  const int64_t names =
      std::ssize(request.group) + std::ssize(request.member_id) + std::ssize(request.instance_id);
  return check_bytes(kMemberBytes + kMemberRecords * names + groups::bytes_of(request.details) +
                     topics);
}

Outcome GroupLimits::too_many_members() const {
  return {ErrorCode::group_max_size_reached,
          "the groups of this broker have " + std::to_string(members_) +
              " members together, and may not have more; stop some"};
}

Outcome GroupLimits::check_join(const ClassicGroup* classic,
                                const ClassicJoinRequest& request) const {
  const bool is_new =
      request.member_id.empty() &&
      (classic == nullptr || classic->members().id_of_instance(request.instance_id).empty());
  if (is_new && members_ >= options_.max_members) return too_many_members();
  int64_t bytes = std::ssize(request.client_id) + std::ssize(request.instance_id);
  for (const auto& protocol : request.protocols)
    bytes += std::ssize(protocol.name) + std::ssize(protocol.metadata);
  return check_bytes(kMemberBytes + 2 * bytes);  // the record repeats them
}

Outcome GroupLimits::check_assignments(const ClassicSyncRequest& request) const {
  int64_t bytes = 0;
  for (const auto& assignment : request.assignments) bytes += std::ssize(assignment.bytes);
  return check_bytes(2 * bytes);
}

Outcome GroupLimits::check_offsets(const FindOffset& offset_of,
                                   const wire::OffsetCommitRequest& request) const {
  int64_t more = 0;
  for (const wire::CommittedOffset& offset : request.offsets) {
    if (offset.offset < 0) continue;  // deletes it
    const int64_t name = std::ssize(request.group) + std::ssize(offset.id.topic);
    const wire::CommittedOffset* had = offset_of(offset.id);
    const int64_t before = had == nullptr ? -kRecordBytes - name : std::ssize(had->metadata);
    more += std::ssize(offset.metadata) - before;
  }
  return check_bytes(more);
}

}  // namespace hailstorm::groups
