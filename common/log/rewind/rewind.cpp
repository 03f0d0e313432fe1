#include "common/log/rewind/rewind.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "common/json/bytes_member.h"
#include "common/log/rewind/group_json.h"
#include "common/log/rewind/rides_between.h"

namespace hailstorm::log {
namespace {

/// The partitions that a rewind touches: those of one topic, or all that the group knows.
Result<std::vector<TopicPartition>> touched(Admin& admin, const Rewind& rewind,
                                            const GroupDescription& group) {
  std::vector<TopicPartition> ids;
  if (rewind.topic) {
    HAIL_ASSIGN_OR_RETURN(const auto topics, admin.describe_topics({*rewind.topic}));
    for (const auto& topic : topics) {
      for (const auto& partition : topic.partitions)
        ids.push_back({topic.name, partition.partition});
    }
  } else {
    for (const auto& partition : group.partitions) ids.push_back(partition.id);
  }
  if (!ids.empty()) return ids;
  return Error(LogErrc::refused,
               fmt::format("group '{}' has committed nothing yet; say which topic", rewind.group));
}

/// Where it leads to.
Result<FoundOffsets> found_places(Admin& admin, const Rewind& rewind,
                                  const GroupDescription& group) {
  if (rewind.places.empty()) {
    HAIL_ASSIGN_OR_RETURN(const auto ids, touched(admin, rewind, group));
    return resolve(admin, rewind.to, ids);
  }
  FoundOffsets all;
  for (const PartitionPlace& place : rewind.places) {
    HAIL_ASSIGN_OR_RETURN(const FoundOffsets found, resolve(admin, place.to, {place.id}));
    all.positions.insert(all.positions.end(), found.positions.begin(), found.positions.end());
    all.closed.insert(all.closed.end(), found.closed.begin(), found.closed.end());
  }
  return all;
}

/// From where to where, with nothing counted yet.
Result<RewindReport> plan(Admin& admin, const Rewind& rewind, const GroupDescription& group) {
  HAIL_ASSIGN_OR_RETURN(auto found, found_places(admin, rewind, group));
  std::map<TopicPartition, int64_t> committed;
  for (const auto& one : group.partitions) committed[one.id] = one.committed_offset;
  RewindReport report;
  report.group = rewind.group;
  report.epoch = group.info.epoch;
  report.closed = std::move(found.closed);
  for (const Position& to : found.positions) {
    const auto at = committed.find(to.id);
    const int64_t from = at == committed.end() ? -1 : at->second;
    if (rewind.is_only_back && to.offset >= from) continue;
    report.partitions.push_back({.to = to, .from = from});
  }
  return report;
}

/// What lies between from and to.
Status count(Engine& engine, RewindReport& report) {
  std::vector<RecordRange> ranges;
  for (RewoundPartition& one : report.partitions) {
    ranges.push_back({one.to, one.from});
    one.records = ranges.back().count();
    one.skipped = one.from < 0 ? 0 : std::max<int64_t>(one.to.offset - one.from, 0);
    report.records += one.records;
    report.skipped += one.skipped;
  }
  const bool is_countable = report.records <= kMostRecordsToCount;
  RideCounts rides{.by_partition = {}, .all = -1};
  if (is_countable) {
    HAIL_ASSIGN_OR_RETURN(rides, rides_between(engine, ranges));
  }
  report.rides = rides.all;
  for (RewoundPartition& one : report.partitions)
    one.rides = is_countable ? rides.by_partition[one.to.id] : -1;
  return {};
}

/// Sends it. A group may have gone on since the plan was made: what it had committed when it was
/// moved counts, but not of a second try, which finds the group moved already.
Status send(Admin& admin, const Rewind& rewind, RewindReport& report) {
  std::vector<Position> positions;
  for (const RewoundPartition& one : report.partitions) positions.push_back(one.to);
  if (positions.empty()) return {};
  if (!rewind.is_live) return admin.reset_offsets(rewind.group, positions);
  HAIL_ASSIGN_OR_RETURN(const RewoundGroup rewound, admin.rewind_group(rewind.group, positions));
  report.epoch = rewound.epoch;
  for (size_t i = 0; i < std::min(rewound.before.size(), report.partitions.size()); ++i) {
    int64_t& from = report.partitions[i].from;
    from = std::max(from, rewound.before[i].offset);
  }
  return {};
}

json::Value rides_json(int64_t rides) { return rides < 0 ? json::Value() : json::Value(rides); }

json::Value to_json(const RewoundPartition& one) {
  json::Value out = {{"partition", one.to.id.partition},
                     {"from", one.from},
                     {"to", one.to.offset},
                     {"records", one.records},
                     {"rides", rides_json(one.rides)}};
  json::add_bytes(out, "topic", one.to.id.topic);
  return out;
}

}  // namespace

Result<RewindReport> preview_rewind(Engine& engine, const Rewind& rewind) {
  const auto admin = engine.make_admin();
  HAIL_ASSIGN_OR_RETURN(const auto group, admin->describe_group(rewind.group));
  HAIL_ASSIGN_OR_RETURN(RewindReport report, plan(*admin, rewind, group));
  report.is_preview = true;
  HAIL_RETURN_IF_ERROR(count(engine, report));
  return report;
}

Result<RewindReport> apply_rewind(Engine& engine, const Rewind& rewind) {
  const auto admin = engine.make_admin();
  HAIL_ASSIGN_OR_RETURN(const auto group, admin->describe_group(rewind.group));
  if (group.info.member_count > 0 && !rewind.is_live) {
    return Error(LogErrc::refused,
                 fmt::format("group '{}' is live ({} members): its next commit would undo the "
                             "reset; stop its members first, or move it live (--live)",
                             rewind.group, group.info.member_count));
  }
  HAIL_ASSIGN_OR_RETURN(RewindReport report, plan(*admin, rewind, group));
  HAIL_RETURN_IF_ERROR(send(*admin, rewind, report));
  HAIL_RETURN_IF_ERROR(count(engine, report));
  return report;
}

json::Value to_json(const RewindReport& report) {
  json::Value partitions = json::Value::array();
  for (const RewoundPartition& one : report.partitions) partitions.push_back(to_json(one));
  json::Value out = {{"preview", report.is_preview},
                     {"epoch", report.epoch},
                     {"partitions", std::move(partitions)},
                     {"records", report.records},
                     {"rides", rides_json(report.rides)},
                     {"skipped", report.skipped},
                     {"effects", 0},
                     {"closed_partitions", closed_json(report.closed)}};
  json::add_bytes(out, "group", report.group);
  return out;
}

}  // namespace hailstorm::log
