#include <algorithm>
#include <functional>

#include "tests/broker/groups/schedule_world.h"

namespace hailstorm::groups {

using wire::ErrorCode;

namespace {

/// With one subscription for all: how many partitions the members that stay must lose at least, so
/// that loads differ by at most one.
size_t fewest_moves(std::vector<size_t> loads, size_t partitions) {
  std::sort(loads.begin(), loads.end(), std::greater<>());
  size_t moves = 0;
  for (size_t i = 0; i < loads.size(); ++i) {
    const size_t allowed = partitions / loads.size() + (i < partitions % loads.size() ? 1 : 0);
    moves += loads[i] > allowed ? loads[i] - allowed : 0;
  }
  return moves;
}

}  // namespace

ScheduleWorld::Plan ScheduleWorld::plan() {
  const auto group = describe();
  Plan now{.topics = {},
           .counts = catalog_.counts,
           .ids = catalog_.ids,
           .targets = {},
           .epoch = group.summary.epoch,
           .rewinds = rewind_count_};
  for (const auto& one : group.members) {
    const std::string& identity = one.instance_id.empty() ? one.member_id : one.instance_id;
    now.topics[identity] = one.topics;
    now.targets[identity] = PartitionSet(one.target.begin(), one.target.end());
  }
  return now;
}

std::optional<wire::GroupMember> ScheduleWorld::member(const std::string& id) {
  for (auto& one : describe().members) {
    if (one.member_id == id) return std::move(one);
  }
  return std::nullopt;
}

std::string ScheduleWorld::owner(const Id& id) {
  for (const auto& one : describe().partitions) {
    if (one.id == id) return one.owner;
  }
  return {};
}

/// Invariant 29, the other way round: a member that is up to date is not fenced.
void ScheduleWorld::check_refusal(const wire::GroupHeartbeatRequest& request,
                                  const std::optional<wire::GroupMember>& before,
                                  ErrorCode answer) {
  if (answer == ErrorCode::none || answer == ErrorCode::storage_error ||
      answer == ErrorCode::unknown_outcome) {
    return;
  }
  if (request.member_epoch == wire::kJoinEpoch ||
      (before && before->member_epoch == request.member_epoch)) {
    fail(request.member_id + " was refused with " + std::string(name_of(answer)));
  }
}

/// Invariant 36; a rewind is a reason.
void ScheduleWorld::check_nothing_taken_needlessly(const wire::GroupHeartbeatRequest& request,
                                                   const PartitionSet& given) {
  const auto now = member(request.member_id);
  if (!now) return;
  const PartitionSet assigned(now->assigned.begin(), now->assigned.end());
  for (const Id& one : now->target) {
    if (is_fenced(one, request.member_epoch) || is_fence_unsure(one)) continue;
    if (given.contains(one) && !assigned.contains(one)) {
      fail(request.member_id + " had to release a partition of its target");
    }
  }
}

/// Invariant 28: as the coordinator sees it, and as those processes see it that are still members.
void ScheduleWorld::check_one_owner() {
  std::map<Id, std::string> assigned;
  std::map<Id, std::string> believed;
  std::set<std::string> members;
  const auto claim = [&](auto& claims, const Id& id, const std::string& who) {
    const auto [at, is_new] = claims.try_emplace(id, who);
    if (is_new) return;
    fail(id.topic + "-" + std::to_string(id.partition) + " is of " + at->second + " and of " + who);
  };
  for (const auto& one : describe().members) {
    members.insert(one.member_id);
    for (const Id& id : one.assigned) claim(assigned, id, one.member_id);
  }
  const auto claims_of = [&](const Process& process) {
    if (!members.contains(process.consumer.id) || process.over) return;
    for (const Id& id : process.consumer.owned) claim(believed, id, process.consumer.id);
  };
  for (const Process& process : processes_) {
    if (process.running) claims_of(process);
  }
  for (const Process& zombie : zombies_) claims_of(zombie);
}

/// Invariants 35 and 36: no partition moves without a reason, and no more than necessary with one.
void ScheduleWorld::check_plan(const Plan& before, const Plan& after) {
  const bool remade = before.ids != after.ids;
  if (before.topics == after.topics && before.counts == after.counts && !remade) {
    if (before.epoch != after.epoch && before.rewinds == after.rewinds)
      fail("a new epoch without a reason");
    if (before.targets != after.targets) fail("partitions moved without a reason");
    return;
  }
  if (before.topics.empty() || after.topics.empty() || remade) return;
  const auto& subscription = before.topics.begin()->second;
  const auto same = [&](const auto& member) { return member.second == subscription; };
  if (!std::all_of(before.topics.begin(), before.topics.end(), same) ||
      !std::all_of(after.topics.begin(), after.topics.end(), same)) {
    return;
  }
  size_t partitions = 0;
  for (const auto& topic : subscription) partitions += static_cast<size_t>(after.counts.at(topic));
  size_t lost = 0;
  std::vector<size_t> loads;
  for (const auto& [identity, target] : after.targets) {
    const auto had = before.targets.find(identity);
    loads.push_back(had == before.targets.end() ? 0 : had->second.size());
    if (had == before.targets.end()) continue;
    for (const Id& id : had->second) lost += target.contains(id) ? 0 : 1;
  }
  const size_t fewest = fewest_moves(loads, partitions);
  if (lost != fewest) {
    fail(std::to_string(lost) + " partitions moved where " + std::to_string(fewest) + " would do");
  }
}

/// Invariant 30.
void ScheduleWorld::check_committed() {
  if (acknowledged_.empty() || journal_.pending() > 0) return;
  std::map<Id, int64_t> committed;
  const auto answer = fetch({});
  for (const auto& one : (*answer)->offsets) committed[one.id] = one.offset;
  for (const auto& [id, offset] : acknowledged_) {
    const auto at = committed.find(id);
    if (at == committed.end() || at->second < offset) fail("an acknowledged commit is gone");
  }
}

bool ScheduleWorld::is_settled() {
  const auto group = describe();
  size_t running = 0;
  for (const Process& process : processes_) {
    if (!process.running) continue;
    ++running;
    const auto known = member(process.consumer.id);
    if (!known || known->member_epoch != process.consumer.epoch ||
        PartitionSet(known->assigned.begin(), known->assigned.end()) != process.consumer.owned) {
      return false;
    }
  }
  return group.members.size() == running && (running == 0 || group.summary.state == "Stable");
}

/// Invariants 28 and 40: in a stable group a subscriber owns each subscribed partition.
void ScheduleWorld::check_whole() {
  for (const auto& [topic, count] : catalog_.counts) {
    bool wanted = false;
    size_t owned = 0;
    for (const Process& process : processes_) {
      const auto& topics = process.consumer.topics;
      const bool wants = std::find(topics.begin(), topics.end(), topic) != topics.end();
      wanted = wanted || (process.running && wants);
      for (const Id& id : process.consumer.owned) {
        if (id.topic != topic) continue;
        ++owned;
        if (!wants) fail(process.consumer.id + " owns what it does not want");
      }
    }
    if (owned != (wanted ? static_cast<size_t>(count) : 0)) {
      fail("stable, and " + std::to_string(owned) + " partitions of " + topic + " are owned");
    }
  }
}

void ScheduleWorld::check_everybody_may_commit() {
  for (Process& process : processes_) {
    if (!process.running) continue;
    for (const Id& id : process.consumer.owned) {
      if (!process.position.contains(id)) return fail("an owner got no position to read from");
      ++process.position[id];
      commit(process, id, process.consumer.epoch);
    }
  }
  check_committed();
}

}  // namespace hailstorm::groups
