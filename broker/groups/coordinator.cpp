#include "broker/groups/coordinator.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker/groups/describe_group.h"
#include "broker/groups/group_entry.h"
#include "broker/groups/group_limits.h"
#include "broker/groups/offsets_schema.h"
#include "common/base/check.h"
#include "common/base/text.h"

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

constexpr size_t kMaxGroupNameBytes = 255;
constexpr size_t kMaxTopicNameBytes = 1000;
constexpr size_t kMaxMetadataBytes = 4096;  // Kafka's offset.metadata.max.bytes
constexpr size_t kMaxCommittedPartitions = 10'000;
constexpr int64_t kLookForRemovableMs = 100;
constexpr int64_t kLookForExpiredMs = 1'000;

/// The name of a new group can be shown as it is, on a terminal, in a metric and in JSON.
bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxGroupNameBytes && printable(name) == name;
}

template <class Reply, class Answer>
void refuse(const Answer& answer, Outcome outcome) {
  Reply reply;
  reply.outcome = std::move(outcome);
  answer(std::move(reply));
}

Outcome outcome_of(const Status& status) {
  if (status.ok()) return {};
  return {status.error().as<ErrorCode>().value_or(ErrorCode::storage_error),
          "the groups' journal could not be written: " + status.error().message()};
}

/// An AppendOrder::Then that sends `reply`, or a refusal if the journal failed.
template <class Reply>
AppendOrder::Then sends(Coordinator::Answer<Reply> answer, Reply reply) {
  return [answer = std::move(answer), reply = std::move(reply)](const Status& status) {
    if (!status.ok()) return refuse<Reply>(answer, outcome_of(status));
    answer(reply);
  };
}

/// The same for a refusal. It waits too, for what it follows from: a member that was told that it
/// is gone must not be there again after a restart, with the epoch it had.
template <class Reply>
AppendOrder::Then refuses(Coordinator::Answer<Reply> answer, Outcome outcome) {
  return [answer = std::move(answer), outcome = std::move(outcome)](const Status& status) {
    refuse<Reply>(answer, status.ok() ? outcome : outcome_of(status));
  };
}

wire::CommittedOffset none_of(const wire::TopicPartition& id, int64_t offset) {
  return {id, offset, -1, {}};
}

Status check_value(RecordKind kind, std::string_view value) {
  const auto status_of = [](const auto& decoded) {
    return decoded.ok() ? Status() : Status(decoded.error());
  };
  switch (kind) {
    case RecordKind::offset_commit:
      return status_of(decode_value<OffsetCommitValue>(value));
    case RecordKind::group_metadata:
      return status_of(decode_value<GroupMetadataValue>(value));
    case RecordKind::partition_metadata:
      return status_of(decode_value<PartitionMetadataValue>(value));
    case RecordKind::member_metadata:
      return status_of(decode_value<MemberMetadataValue>(value));
    case RecordKind::target_metadata:
      return status_of(decode_value<TargetMetadataValue>(value));
    case RecordKind::target_member:
      return status_of(decode_value<TargetMemberValue>(value));
    case RecordKind::current_member:
      return status_of(decode_value<CurrentMemberValue>(value));
  }
  return {};
}

}  // namespace

struct Coordinator::Impl {
  using Entry = GroupEntry;

  GroupJournal& journal;
  const TopicCatalog& catalog;
  const Clock& clock;
  const CoordinatorOptions options;
  GroupLimits limits{options, catalog};
  std::map<std::string, std::shared_ptr<Entry>> groups{};
  bool loaded = false;
  Outcome failed{};  // not none: the journal cannot be read
  bool topics_due = false;
  size_t leaving = 0;  // of the groups
  std::vector<std::pair<int64_t, std::string>>
      removable{};  // since when, and its name; oldest last
  int64_t look_for_removable_ms = 0;
  int64_t look_for_expired_ms = 0;

  [[nodiscard]] std::shared_ptr<Entry> find(const std::string& name) const {
    const auto at = groups.find(name);
    return at == groups.end() ? nullptr : at->second;
  }

  std::shared_ptr<Entry> find_or_make(const std::string& name) {
    auto& entry = groups[name];
    if (entry == nullptr) {
      entry = std::make_shared<Entry>(name, journal, catalog, clock, options);
    }
    if (std::exchange(entry->is_leaving, false)) --leaving;
    return entry;
  }

  void forget_if_gone(const std::string& name) {
    const auto at = groups.find(name);
    if (at == groups.end() || !at->second->gone()) return;
    limits.forget(at->second->counted);
    if (at->second->is_leaving) --leaving;
    groups.erase(at);
  }

  void count(Entry& entry) { limits.count(entry.counted, entry.group(), entry.state_bytes()); }

  [[nodiscard]] Outcome check_member(const wire::GroupHeartbeatRequest& request) const {
    const auto entry = find(request.group);
    return limits.check_member(entry == nullptr ? nullptr : &entry->group(), request);
  }

  [[nodiscard]] Outcome check_room_for(const wire::OffsetCommitRequest& request) const {
    const auto entry = find(request.group);
    return limits.check_offsets(
        [&](const auto& id) { return entry == nullptr ? nullptr : entry->offset(id); }, request);
  }

  void remove(Entry& entry, AppendOrder::Then then) {
    if (!std::exchange(entry.is_leaving, true)) ++leaving;
    entry.write_removal(
        [this, name = entry.group().name(), then = std::move(then)](const Status& status) {
          forget_if_gone(name);
          then(status);
        });
    count(entry);
  }

  /// Not none: there is no room for one more group.
  [[nodiscard]] Outcome check_new_group(const std::string& name) {
    const auto is_full = [this] { return groups.size() - leaving >= options.max_groups; };
    if (groups.contains(name) || !is_full()) return {};
    make_room();
    return is_full() ? limits.too_many_groups() : Outcome{};
  }

  /// The group that has held nothing for longest goes. All of them are looked at, once in a while.
  void make_room() {
    const int64_t now_ms = clock.steady_ms();
    if (removable.empty() && now_ms >= look_for_removable_ms) {
      look_for_removable_ms = now_ms + kLookForRemovableMs;
      for (const auto& [name, entry] : groups) {
        if (entry->holds_nothing() && !entry->is_leaving && entry->empty_since_ms >= 0)
          removable.emplace_back(entry->empty_since_ms, name);
      }
      std::sort(removable.rbegin(), removable.rend());
    }
    while (!removable.empty()) {
      const auto entry = find(removable.back().second);
      removable.pop_back();
      if (entry == nullptr || !entry->holds_nothing() || entry->is_leaving) continue;
      return remove(*entry, [](const Status&) {});
    }
  }

  [[nodiscard]] bool has_expired(const Entry& entry, int64_t now_ms) const {
    if (entry.empty_since_ms < 0 || entry.is_leaving) return false;
    const int64_t empty_ms = now_ms - entry.empty_since_ms;
    if (entry.holds_nothing()) return empty_ms >= options.empty_group_ms;
    return empty_ms >= options.offsets_retention_ms &&
           entry.newest_commit_ms() <= clock.wall_ms() - options.offsets_retention_ms;
  }

  void note_empty(Entry& entry, int64_t now_ms) const {
    if (!entry.group().members().empty()) {
      entry.empty_since_ms = -1;
    } else if (entry.empty_since_ms < 0) {
      entry.empty_since_ms = now_ms;
    }
  }

  void remove_expired(int64_t now_ms) {
    if (now_ms < look_for_expired_ms) return;
    look_for_expired_ms = now_ms + kLookForExpiredMs;
    std::vector<std::shared_ptr<Entry>> expired;
    for (const auto& [name, entry] : groups) {
      if (has_expired(*entry, now_ms)) expired.push_back(entry);
    }
    for (const auto& entry : expired) remove(*entry, [](const Status&) {});
  }

  [[nodiscard]] Outcome check_ready() const {
    if (loaded) return {};
    if (failed.code != ErrorCode::none) return failed;
    return {ErrorCode::coordinator_load_in_progress,
            "the broker is still reading its groups; ask again in a moment"};
  }

  /// Not none: no request about this group can be answered. A group of an older journal may have a
  /// name that no new group may have.
  [[nodiscard]] Outcome check_group(const std::string& name) const {
    if (Outcome loading = check_ready(); loading.code != ErrorCode::none) return loading;
    if (groups.contains(name) || is_group_name(name)) return {};
    return {
        ErrorCode::invalid_request,
        "a group's name is 1 to 255 bytes of UTF-8 text, without control characters and marks that "
        "turn text round"};
  }

  /// A position in a topic that was deleted says nothing about the topic that has its name now.
  [[nodiscard]] Outcome check_topic_ids(const wire::OffsetCommitRequest& request) const {
    for (const auto& [id, offset, leader_epoch, metadata] : request.offsets) {
      if (id.topic_id.is_zero() || id.topic_id == catalog.topic_id(id.topic)) continue;
      return {
          ErrorCode::unknown_topic_id,
          "topic " + id.topic + " was deleted since its records were read; nothing was committed"};
    }
    return {};
  }

  [[nodiscard]] Outcome check_offset(const wire::CommittedOffset& offset) const {
    const auto& [topic, partition, topic_id] = offset.id;
    if (offset.offset < -1 || offset.metadata.size() > kMaxMetadataBytes) {
      return {ErrorCode::invalid_request,
              "a committed offset is at least 0, or -1 to delete it, and its metadata has at "
              "most 4096 bytes"};
    }
    if (topic.size() > kMaxTopicNameBytes) {
      return {ErrorCode::invalid_request, "a topic's name has at most 1000 bytes"};
    }
    if (offset.offset < 0) return {};
    const std::string name = topic + "-" + std::to_string(partition);
    if (partition < 0 || partition >= catalog.partition_count(topic)) {
      return {ErrorCode::unknown_topic_or_partition, "there is no partition " + name};
    }
    // Readers see nothing beyond the high watermark, so that none of them can have come so far.
    const auto range = catalog.range(offset.id);
    if (!range || offset.offset <= range->high_watermark) return {};
    return {ErrorCode::offset_out_of_range,
            "offset " + std::to_string(offset.offset) + " is beyond the end of " + name + ", " +
                std::to_string(range->high_watermark) + "; nothing was committed"};
  }

  [[nodiscard]] Outcome check_offsets(const wire::OffsetCommitRequest& request) const {
    if (request.offsets.size() > kMaxCommittedPartitions) {
      return {ErrorCode::invalid_request, "a request has at most 10000 partitions"};
    }
    for (const wire::CommittedOffset& offset : request.offsets) {
      if (Outcome bad = check_offset(offset); bad.code != ErrorCode::none) return bad;
    }
    return {};
  }

  /// Each offset says of which topic it is, also where the request knew the name alone.
  [[nodiscard]] OffsetChanges with_ids(OffsetChanges offsets) const {
    for (wire::CommittedOffset& offset : offsets)
      offset.id.topic_id = catalog.topic_id(offset.id.topic);
    return offsets;
  }

  void refresh_topics() {
    topics_due = false;
    for (const auto& [name, entry] : groups) {
      const OffsetChanges changes = entry->offsets_to_settle();
      entry->group().refresh_topics();
      entry->write_group([](const Status&) {});
      entry->write_offsets(changes, [](const Status&) {});
      count(*entry);
    }
  }
};

Coordinator::Coordinator(GroupJournal& journal, const TopicCatalog& catalog, const Clock& clock,
                         CoordinatorOptions options)
    : impl_(new Impl{journal, catalog, clock, options}) {}

Coordinator::~Coordinator() = default;

Status Coordinator::replay(std::string_view key, std::optional<std::string_view> value) {
  HAIL_CHECK(!impl_->loaded);
  HAIL_ASSIGN_OR_RETURN(const auto decoded, decode_key(key));
  if (!decoded) return {};
  if (value) HAIL_RETURN_IF_ERROR(check_value(decoded->kind, *value));
  impl_->find_or_make(decoded->group)->replay(key, value);
  return {};
}

void Coordinator::fail_loading(Outcome why) {
  HAIL_CHECK(!impl_->loaded && why.code != ErrorCode::none);
  impl_->failed = std::move(why);
}

void Coordinator::finish_loading() {
  HAIL_CHECK(!impl_->loaded);
  impl_->loaded = true;
  // Topics may have come and gone while nobody looked.
  impl_->topics_due = true;
  for (const auto& [name, entry] : impl_->groups) {
    entry->finish_loading();
    impl_->count(*entry);
  }
  std::erase_if(impl_->groups, [](const auto& group) { return group.second->gone(); });
}

void Coordinator::heartbeat(const wire::GroupHeartbeatRequest& request,
                            Answer<wire::GroupHeartbeatReply> answer) {
  if (Outcome bad = impl_->check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::GroupHeartbeatReply>(answer, std::move(bad));
  }
  if (Outcome full = impl_->check_member(request); full.code != ErrorCode::none) {
    return refuse<wire::GroupHeartbeatReply>(answer, std::move(full));
  }
  if (Outcome full = impl_->check_new_group(request.group); full.code != ErrorCode::none) {
    return refuse<wire::GroupHeartbeatReply>(answer, std::move(full));
  }
  const auto entry = impl_->find_or_make(request.group);
  if (Outcome bad = entry->group().heartbeat(request, impl_->clock.steady_ms());
      bad.code != ErrorCode::none) {
    entry->write_group(refuses(std::move(answer), std::move(bad)));
    return impl_->forget_if_gone(request.group);
  }
  entry->write_group(sends(std::move(answer), entry->group().reply_to(request)));
  impl_->count(*entry);
}

void Coordinator::commit(const wire::OffsetCommitRequest& request,
                         Answer<wire::OffsetCommitReply> answer) {
  if (Outcome bad = impl_->check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::OffsetCommitReply>(answer, std::move(bad));
  }
  if (Outcome full = impl_->check_room_for(request); full.code != ErrorCode::none) {
    return refuse<wire::OffsetCommitReply>(answer, std::move(full));
  }
  if (Outcome full = impl_->check_new_group(request.group); full.code != ErrorCode::none) {
    return refuse<wire::OffsetCommitReply>(answer, std::move(full));
  }
  const auto entry = impl_->find_or_make(request.group);
  Outcome allowed = impl_->check_topic_ids(request);
  if (allowed.code == ErrorCode::none) allowed = entry->group().check_commit(request);
  if (allowed.code == ErrorCode::none) allowed = impl_->check_offsets(request);
  if (allowed.code == ErrorCode::none) {
    entry->write_offsets(impl_->with_ids(request.offsets),
                         sends(std::move(answer), wire::OffsetCommitReply{}));
  } else {
    entry->write_group(refuses(std::move(answer), std::move(allowed)));
  }
  impl_->count(*entry);
  impl_->forget_if_gone(request.group);
}

void Coordinator::fetch_offsets(const wire::OffsetFetchRequest& request,
                                Answer<wire::OffsetFetchReply> answer) {
  if (Outcome bad = impl_->check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::OffsetFetchReply>(answer, std::move(bad));
  }
  if (request.partitions.size() > kMaxCommittedPartitions) {
    return refuse<wire::OffsetFetchReply>(
        answer, {ErrorCode::invalid_request, "a request has at most 10000 partitions"});
  }
  const auto entry = impl_->find(request.group);
  if (entry == nullptr) {
    wire::OffsetFetchReply none;
    for (const auto& id : request.partitions) none.offsets.push_back(none_of(id, -1));
    return answer(std::move(none));
  }
  // Behind the commits under way: a partition's next owner must not start from an offset that its
  // last owner's commit, already accepted, is about to pass.
  entry->after_commits([raw = entry.get(), partitions = request.partitions,
                        answer = std::move(answer)](const Status&) {
    wire::OffsetFetchReply reply;
    if (partitions.empty()) {
      for (const auto& [id, offset] : raw->offsets()) {
        if (raw->offset(id) != nullptr) reply.offsets.push_back(offset);
      }
    }
    for (const auto& id : partitions) {
      const auto* const offset = raw->offset(id);
      const bool is_new = offset == nullptr && raw->group().is_new_to_group(id);
      reply.offsets.push_back(offset != nullptr ? *offset
                                                : none_of(id, is_new ? wire::kNewToGroup : -1));
    }
    answer(std::move(reply));
  });
}

void Coordinator::list(const wire::ListGroupsRequest&, Answer<wire::ListGroupsReply> answer) const {
  wire::ListGroupsReply reply;
  reply.outcome = impl_->check_ready();
  if (impl_->loaded) {
    for (const auto& [name, entry] : impl_->groups) {
      reply.groups.push_back(entry->group().summary());
    }
  }
  answer(std::move(reply));
}

void Coordinator::describe(const wire::DescribeGroupRequest& request,
                           Answer<wire::DescribeGroupReply> answer) const {
  if (Outcome bad = impl_->check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::DescribeGroupReply>(answer, std::move(bad));
  }
  const auto entry = impl_->find(request.group);
  if (entry == nullptr) {
    return refuse<wire::DescribeGroupReply>(
        answer, {ErrorCode::group_id_not_found, "there is no group '" + request.group + "'"});
  }
  answer(describe_group(*entry, impl_->catalog));
}

void Coordinator::remove(const wire::DeleteGroupRequest& request,
                         Answer<wire::DeleteGroupReply> answer) {
  if (Outcome bad = impl_->check_group(request.group); bad.code != ErrorCode::none) {
    return refuse<wire::DeleteGroupReply>(answer, std::move(bad));
  }
  const auto entry = impl_->find(request.group);
  if (entry == nullptr) {
    return refuse<wire::DeleteGroupReply>(
        answer, {ErrorCode::group_id_not_found, "there is no group '" + request.group + "'"});
  }
  if (!entry->group().members().empty()) {
    return refuse<wire::DeleteGroupReply>(
        answer, {ErrorCode::non_empty_group,
                 "group '" + request.group + "' is not empty (members: " +
                     std::to_string(entry->group().members().size()) + "); stop them first"});
  }
  impl_->remove(
      *entry, [answer = std::move(answer)](const Status& status) { answer({outcome_of(status)}); });
}

void Coordinator::tick() {
  if (!impl_->loaded) return;
  if (impl_->topics_due) impl_->refresh_topics();
  const int64_t now_ms = impl_->clock.steady_ms();
  for (const auto& [name, entry] : impl_->groups) {
    entry->group().expire(now_ms);
    entry->write_group([](const Status&) {});
    impl_->note_empty(*entry, now_ms);
    impl_->count(*entry);
  }
  impl_->remove_expired(now_ms);
}

void Coordinator::topics_changed() {
  if (impl_->loaded) impl_->refresh_topics();
}

std::vector<GroupJournal::Entry> Coordinator::snapshot(const GroupFilter& of) const {
  HAIL_CHECK(impl_->loaded);
  std::vector<GroupJournal::Entry> entries;
  for (const auto& [name, entry] : impl_->groups) {
    if (of && !of(name)) continue;
    for (const auto& [key, value] : entry->journaled()) entries.push_back({key, value});
  }
  return entries;
}

}  // namespace hailstorm::groups
