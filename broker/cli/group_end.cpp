#include "broker/cli/group_end.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <set>

#include "broker/cli/value_text.h"

namespace hailstorm::cli {
namespace {

// Until a member whose session has ended is out of the group, and its partitions are given to
// others.
constexpr int64_t kReassignedWithinMs = 3'000;

}  // namespace

GroupEnd::GroupEnd(const ReadingEnd& end, const StartPoint& from,
                   const log::ConsumerOptions& member)
    : end_(end),
      group_(member.group),
      from_(from),
      patience_ms_(member.session_timeout_ms + kReassignedWithinMs) {}

bool GroupEnd::is_read(const log::GroupPartitionInfo& partition) const {
  int64_t next = partition.committed_offset;
  if (next < 0) {
    if (from_.kind == StartPoint::Kind::latest) return true;
    next = partition.log_start_offset;
  }
  return end_.is_read(partition.id, next);
}

Result<bool> GroupEnd::is_reached(log::Admin& admin, const log::Consumer& member) {
  std::set<log::TopicPartition> closed;
  for (const auto& [id, why] : member.closed_partitions()) closed.insert(id);
  const auto open = member.assignment();
  const bool owns_any = !open.empty() || !closed.empty();
  const auto group = admin.describe_group(group_);
  if (!group.ok()) {
    // Its first member is on its way.
    if (!owns_any && group.error().is(log::LogErrc::refused)) return false;
    return group.error();
  }
  if (!owns_any) return others_end(*group);
  others_own_all_since_ms_.reset();
  return std::all_of(open.begin(), open.end(), [&](const log::TopicPartition& id) {
    if (closed.contains(id)) return true;
    const auto found = std::find_if(group->partitions.begin(), group->partitions.end(),
                                    [&](const auto& partition) { return partition.id == id; });
    return found == group->partitions.end() ? end_.is_read(id, 0) : is_read(*found);
  });
}

bool GroupEnd::others_end(const log::GroupDescription& group) {
  std::set<log::TopicPartition> owned;
  std::set<log::TopicPartition> read;
  for (const log::GroupPartitionInfo& partition : group.partitions) {
    if (!partition.owner.empty()) owned.insert(partition.id);
    if (is_read(partition)) read.insert(partition.id);
  }
  const auto all_are_in = [this](const std::set<log::TopicPartition>& ids) {
    const auto all = end_.partitions();
    return std::all_of(all.begin(), all.end(), [&](const auto& id) { return ids.contains(id); });
  };
  if (!all_are_in(owned)) {
    others_own_all_since_ms_.reset();
    return false;
  }
  const int64_t now_ms = clock_.steady_ms();
  if (!others_own_all_since_ms_) others_own_all_since_ms_ = now_ms;
  const bool all_read = all_are_in(read);
  if (!all_read && now_ms - *others_own_all_since_ms_ < patience_ms_) return false;
  std::cerr << fmt::format("hail: the other members of group '{}' own all partitions{}\n",
                           printable(group_),
                           all_read ? ", and have read them" : "; there is nothing to read here");
  return true;
}

}  // namespace hailstorm::cli
