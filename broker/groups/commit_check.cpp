#include "broker/groups/commit_check.h"

#include <string>
#include <vector>

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicPartition;

namespace {

constexpr size_t kMaxTopicNameBytes = 1000;

std::string text_of(const TopicPartition& id) {
  return id.topic + "-" + std::to_string(id.partition);
}

/// A position in a topic that was deleted says nothing about the topic that has its name now.
Outcome check_topic_ids(const TopicCatalog& catalog,
                        const std::vector<wire::CommittedOffset>& offsets) {
  for (const wire::CommittedOffset& offset : offsets) {
    const TopicPartition& id = offset.id;
    if (id.topic_id.is_zero() || id.topic_id == catalog.topic_id(id.topic)) continue;
    return {
        ErrorCode::unknown_topic_id,
        "topic " + id.topic + " was deleted since its records were read; nothing was committed"};
  }
  return {};
}

/// An older epoch will do for a partition that the member has had ever since (KIP-1251): rebalances
/// that do not concern it are no reason to refuse its work.
Outcome check_held(const Group& group, const Member& member, const wire::CommittedOffset& offset,
                   int32_t epoch) {
  const TopicPartition id = group.topics().with_id(offset.id);
  auto held = member.assigned.find(id);
  if (held == member.assigned.end()) {
    held = member.revoking.find(id);
    if (held == member.revoking.end()) {
      return {ErrorCode::stale_member_epoch, "member " + member.id + " does not own " +
                                                 text_of(offset.id) + "; nothing was committed"};
    }
  }
  if (epoch >= held->second) return {};
  return {ErrorCode::stale_member_epoch, "member " + member.id + " has " + text_of(offset.id) +
                                             " since epoch " + std::to_string(held->second) +
                                             ", the commit is of epoch " + std::to_string(epoch) +
                                             "; nothing was committed"};
}

Outcome no_member(const Group& group, const std::string& member_id) {
  return {ErrorCode::unknown_member_id,
          "group " + group.name() + " has no member " + member_id + "; nothing was done"};
}

Outcome other_epoch(const Member& member, int32_t named) {
  return {ErrorCode::stale_member_epoch, "member " + member.id + " has epoch " +
                                             std::to_string(member.epoch) + ", not " +
                                             std::to_string(named)};
}

}  // namespace

Outcome check_member(const Group& group, const wire::OffsetCommitRequest& request) {
  const auto& members = group.members();
  if (request.member_id.empty() && request.member_epoch < 0) {
    if (members.empty()) return {};
    return {ErrorCode::non_empty_group,
            "group " + group.name() + " has " + std::to_string(members.size()) +
                " members; stop them before its offsets are set by hand"};
  }
  const auto at = members.find(request.member_id);
  if (at == members.end()) return no_member(group, request.member_id);
  const Member& member = at->second;
  if (request.member_epoch <= 0 || request.member_epoch > member.epoch) {
    return {ErrorCode::fenced_member_epoch,
            "member " + member.id + " does not have epoch " + std::to_string(request.member_epoch) +
                " but " + std::to_string(member.epoch) + "; nothing was committed"};
  }
  for (const wire::CommittedOffset& offset : request.offsets) {
    Outcome bad = check_held(group, member, offset, request.member_epoch);
    if (bad.code != ErrorCode::none) return bad;
  }
  return {};
}

Outcome check_member_as_kafka(const Group& group, const wire::OffsetCommitRequest& request) {
  const auto at = group.members().find(request.member_id);
  if (at == group.members().end()) return no_member(group, request.member_id);
  const Member& member = at->second;
  const int32_t epoch = request.member_epoch;
  if (epoch < 0 || epoch > member.epoch) return other_epoch(member, epoch);
  // The group was moved to other offsets, or shares its partitions again.
  if (epoch == group.epoch()) return {};
  for (const wire::CommittedOffset& offset : request.offsets) {
    if (Outcome bad = check_held(group, member, offset, epoch); bad.code != ErrorCode::none)
      return bad;
  }
  return {};
}

Outcome check_present(const Group& group, const std::string& member_id, int32_t epoch) {
  const auto at = group.members().find(member_id);
  if (at == group.members().end()) return no_member(group, member_id);
  return at->second.epoch == epoch ? Outcome() : other_epoch(at->second, epoch);
}

namespace {

Outcome check_offset(const TopicCatalog& catalog, const wire::CommittedOffset& offset) {
  const TopicPartition& id = offset.id;
  if (offset.offset < -1 || offset.metadata.size() > kMaxMetadataBytes) {
    return {ErrorCode::invalid_request,
            "a committed offset is at least 0, or -1 to delete it, and its metadata has at "
            "most 4096 bytes"};
  }
  if (id.topic.size() > kMaxTopicNameBytes) {
    return {ErrorCode::invalid_request, "a topic's name has at most 1000 bytes"};
  }
  if (offset.offset < 0) return {};
  if (id.partition < 0 || id.partition >= catalog.partition_count(id.topic)) {
    return {ErrorCode::unknown_topic_or_partition, "there is no partition " + text_of(id)};
  }
  // Readers see nothing beyond the high watermark, so that none of them can have come so far.
  const auto range = catalog.range(id);
  if (!range || offset.offset <= range->high_watermark) return {};
  return {ErrorCode::offset_out_of_range,
          "offset " + std::to_string(offset.offset) + " is beyond the end of " + text_of(id) +
              ", " + std::to_string(range->high_watermark) + "; nothing was committed"};
}

Outcome check_all(const TopicCatalog& catalog, const std::vector<wire::CommittedOffset>& offsets) {
  if (offsets.size() > kMaxCommittedPartitions) {
    return {ErrorCode::invalid_request, "a request has at most 10000 partitions"};
  }
  for (const wire::CommittedOffset& offset : offsets) {
    if (Outcome bad = check_offset(catalog, offset); bad.code != ErrorCode::none) return bad;
  }
  return {};
}

}  // namespace

Outcome check_commit(const Group& group, const TopicCatalog& catalog,
                     const wire::OffsetCommitRequest& request) {
  if (Outcome bad = check_topic_ids(catalog, request.offsets); bad.code != ErrorCode::none)
    return bad;
  if (Outcome bad = check_member(group, request); bad.code != ErrorCode::none) return bad;
  return check_all(catalog, request.offsets);
}

Outcome check_rewind(const TopicCatalog& catalog, const wire::RewindGroupRequest& request) {
  if (Outcome bad = check_topic_ids(catalog, request.offsets); bad.code != ErrorCode::none)
    return bad;
  for (const wire::CommittedOffset& offset : request.offsets) {
    if (offset.offset < 0)
      return {ErrorCode::invalid_request, "a group is moved to offsets of at least 0"};
  }
  return check_all(catalog, request.offsets);
}

}  // namespace hailstorm::groups
