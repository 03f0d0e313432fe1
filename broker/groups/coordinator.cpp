#include "broker/groups/coordinator.h"

#include <memory>
#include <utility>

#include "broker/groups/commit_check.h"
#include "broker/groups/describe_group.h"
#include "broker/groups/restore_group.h"
#include "common/base/check.h"
#include "common/base/text.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

constexpr size_t kMaxGroupNameBytes = 255;

/// The name of a new group can be shown as it is, on a terminal, in a metric and in JSON.
bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxGroupNameBytes && printable(name) == name;
}

Outcome no_such_group(const std::string& name) {
  return {ErrorCode::group_id_not_found, "there is no group '" + name + "'"};
}

wire::CommittedOffset none_of(const wire::TopicPartition& id, int64_t offset) {
  return {id, offset, -1, {}};
}

/// Of these partitions; of all that have a committed offset if `partitions` is empty.
wire::OffsetFetchReply offsets_of(const JournaledGroup& group,
                                  const std::vector<wire::TopicPartition>& partitions) {
  wire::OffsetFetchReply reply;
  if (partitions.empty()) {
    for (const auto& [id, offset] : group.offsets()) {
      if (group.offset(id) != nullptr) reply.offsets.push_back(offset);
    }
  }
  for (const auto& id : partitions) {
    const auto* const offset = group.offset(id);
    const bool is_new = offset == nullptr && group.group().topics().is_new_to_group(id);
    reply.offsets.push_back(offset != nullptr ? *offset
                                              : none_of(id, is_new ? wire::kNewToGroup : -1));
  }
  return reply;
}

}  // namespace

Coordinator::Coordinator(GroupJournal& journal, const TopicCatalog& catalog, const Clock& clock,
                         CoordinatorOptions options, IdGenerator ids)
    : catalog_(catalog),
      options_(options),
      groups_(journal, catalog, clock, options_),
      classic_(groups_, catalog, clock, IdGenerator(ids.number())),
      consumer_(groups_, catalog, clock, options_, IdGenerator(ids.number())) {}

Status Coordinator::replay(std::string_view key, std::optional<std::string_view> value) {
  HAIL_CHECK(!is_loaded_);
  HAIL_ASSIGN_OR_RETURN(const auto decoded, decode_key(key));
  if (!decoded) return {};
  if (value) HAIL_RETURN_IF_ERROR(check_value(decoded->kind, *value));
  groups_.find_or_make(decoded->group)->replay(key, value);
  return {};
}

void Coordinator::fail_loading(Outcome why) {
  HAIL_CHECK(!is_loaded_ && why.code != ErrorCode::none);
  failed_ = std::move(why);
}

void Coordinator::finish_loading() {
  HAIL_CHECK(!is_loaded_);
  is_loaded_ = true;
  topics_due_ = true;  // topics may have come and gone while no broker ran
  groups_.finish_loading();
}

Outcome Coordinator::check_loaded() const {
  if (is_loaded_) return {};
  if (failed_.code != ErrorCode::none) return failed_;
  return {ErrorCode::coordinator_load_in_progress,
          "the broker is still reading its groups; ask again in a moment"};
}

/// A group of an older journal may have a name that no new group may have.
Outcome Coordinator::check_group(const std::string& name) const {
  if (Outcome loading = check_loaded(); loading.code != ErrorCode::none) return loading;
  if (groups_.contains(name) || is_group_name(name)) return {};
  return {ErrorCode::invalid_request,
          "a group's name is 1 to 255 bytes of UTF-8 text, without control characters and marks "
          "that turn text round"};
}

void Coordinator::heartbeat(const wire::GroupHeartbeatRequest& request,
                            Answer<wire::GroupHeartbeatReply> answer) {
  consumer(request, std::move(answer));
}

Outcome Coordinator::check_room_for(const wire::OffsetCommitRequest& request) {
  if (Outcome bad = check_group(request.group); bad.code != ErrorCode::none) return bad;
  if (Outcome other = groups_.check_no_classic(request.group, ErrorCode::non_empty_group);
      other.code != ErrorCode::none)
    return other;
  if (Outcome full = groups_.check_offsets(request); full.code != ErrorCode::none) return full;
  return groups_.check_room(request.group);
}

/// Each offset says of which topic it is, also where the request knew the name alone.
OffsetChanges Coordinator::with_ids(OffsetChanges offsets) const {
  for (wire::CommittedOffset& offset : offsets)
    offset.id.topic_id = catalog_.topic_id(offset.id.topic);
  return offsets;
}

void Coordinator::commit(const wire::OffsetCommitRequest& request,
                         Answer<wire::OffsetCommitReply> answer) {
  if (Outcome bad = check_room_for(request); bad.code != ErrorCode::none) {
    return refuse<wire::OffsetCommitReply>(answer, std::move(bad));
  }
  const auto group = groups_.find_or_make(request.group);
  if (Outcome bad = check_commit(group->group(), catalog_, request); bad.code != ErrorCode::none) {
    group->write_group(refuses(std::move(answer), std::move(bad)));
  } else {
    group->write_offsets(with_ids(request.offsets),
                         sends(std::move(answer), wire::OffsetCommitReply{}));
  }
  groups_.count(*group);
  groups_.forget_if_gone(request.group);
}

Outcome Coordinator::check_rewind_of(const wire::RewindGroupRequest& request) {
  if (Outcome bad = check_group(request.group); bad.code != ErrorCode::none) return bad;
  if (!groups_.contains(request.group)) return no_such_group(request.group);
  if (Outcome other = groups_.check_no_classic(request.group, ErrorCode::non_empty_group);
      other.code != ErrorCode::none)
    return other;
  if (Outcome bad = check_rewind(catalog_, request); bad.code != ErrorCode::none) return bad;
  return groups_.check_offsets({request.group, "", -1, request.offsets});
}

void Coordinator::rewind(const wire::RewindGroupRequest& request,
                         Answer<wire::RewindGroupReply> answer) {
  if (Outcome bad = check_rewind_of(request); bad.code != ErrorCode::none) {
    return refuse<wire::RewindGroupReply>(answer, std::move(bad));
  }
  const auto group = groups_.find_or_make(request.group);
  const OffsetChanges offsets = with_ids(request.offsets);
  wire::RewindGroupReply reply;
  Partitions ids;
  for (const wire::CommittedOffset& offset : offsets) {
    reply.before.push_back(none_of(offset.id, group->accepted_offset(offset.id)));
    ids.insert(offset.id);
  }
  group->group().rewind(ids);
  reply.epoch = group->group().epoch();
  group->write_rewind(offsets, sends(std::move(answer), std::move(reply)));
  groups_.count(*group);
}

void Coordinator::fetch_offsets(const wire::OffsetFetchRequest& request,
                                Answer<wire::OffsetFetchReply> answer) {
  if (Outcome bad = check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::OffsetFetchReply>(answer, std::move(bad));
  }
  if (request.partitions.size() > kMaxCommittedPartitions) {
    return refuse<wire::OffsetFetchReply>(
        answer, {ErrorCode::invalid_request, "a request has at most 10000 partitions"});
  }
  const auto group = groups_.find(request.group);
  if (group == nullptr) {
    wire::OffsetFetchReply none;
    for (const auto& id : request.partitions) none.offsets.push_back(none_of(id, -1));
    return answer(std::move(none));
  }
  // After the commits under way: a partition's next owner must not start from an offset that its
  // last owner's commit, already accepted, is about to pass.
  group->after_commits(
      [raw = group.get(), partitions = request.partitions,
       answer = std::move(answer)](const Status&) { answer(offsets_of(*raw, partitions)); });
}

void Coordinator::consumer(const MemberOffsetFetchRequest& request,
                           Answer<wire::OffsetFetchReply> answer) {
  Outcome bad = check_group(request.fetch.group);
  if (bad.code == ErrorCode::none) bad = consumer_.check(request);
  if (bad.code == ErrorCode::none) return fetch_offsets(request.fetch, std::move(answer));
  refuse<wire::OffsetFetchReply>(answer, std::move(bad));
}

void Coordinator::list(const wire::ListGroupsRequest&, Answer<wire::ListGroupsReply> answer) const {
  wire::ListGroupsReply reply;
  reply.outcome = check_loaded();
  if (is_loaded_) {
    for (const auto& [name, group] : groups_.all()) {
      reply.groups.push_back(summarize(*group));
    }
  }
  answer(std::move(reply));
}

void Coordinator::describe(const wire::DescribeGroupRequest& request,
                           Answer<wire::DescribeGroupReply> answer) const {
  if (Outcome bad = check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::DescribeGroupReply>(answer, std::move(bad));
  }
  const auto group = groups_.find(request.group);
  if (group == nullptr) {
    return refuse<wire::DescribeGroupReply>(answer, no_such_group(request.group));
  }
  answer(describe_group(*group, catalog_));
}

void Coordinator::remove(const wire::DeleteGroupRequest& request,
                         Answer<wire::DeleteGroupReply> answer) {
  if (Outcome bad = check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::DeleteGroupReply>(answer, std::move(bad));
  }
  const auto group = groups_.find(request.group);
  if (group == nullptr) {
    return refuse<wire::DeleteGroupReply>(answer, no_such_group(request.group));
  }
  groups_.expire(*group);  // one whose session is over does not hold it
  const size_t members = group->member_count();
  if (members != 0) {
    return refuse<wire::DeleteGroupReply>(
        answer, {ErrorCode::non_empty_group,
                 "group '" + request.group + "' is not empty (members: " + std::to_string(members) +
                     "); stop them first"});
  }
  groups_.remove(
      *group, [answer = std::move(answer)](const Status& status) { answer({outcome_of(status)}); });
}

void Coordinator::tick() {
  if (!is_loaded_) return;
  if (topics_due_) refresh_topics();
  groups_.expire();
}

void Coordinator::topics_changed() {
  if (is_loaded_) refresh_topics();
}

void Coordinator::refresh_topics() {
  topics_due_ = false;
  groups_.refresh_topics();
}

std::vector<GroupJournal::Entry> Coordinator::snapshot(const GroupFilter& of) const {
  HAIL_CHECK(is_loaded_);
  std::vector<GroupJournal::Entry> entries;
  for (const auto& [name, group] : groups_.all()) {
    if (of && !of(name)) continue;
    for (const auto& [key, value] : group->journaled()) entries.push_back({key, value});
  }
  return entries;
}

}  // namespace hailstorm::groups
