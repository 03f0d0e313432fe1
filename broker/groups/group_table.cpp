#include "broker/groups/group_table.h"

#include <algorithm>

namespace hailstorm::groups {

using wire::ErrorCode;
using wire::Outcome;

namespace {

constexpr int64_t kLookForRemovableMs = 100;
constexpr int64_t kLookForExpiredMs = 1'000;

void ignore(const Status&) {}

}  // namespace

std::shared_ptr<JournaledGroup> GroupTable::find(const std::string& name) const {
  const auto at = groups_.find(name);
  return at == groups_.end() ? nullptr : at->second;
}

std::shared_ptr<JournaledGroup> GroupTable::find_or_make(const std::string& name) {
  auto& group = groups_[name];
  if (group == nullptr) {
    group = std::make_shared<JournaledGroup>(name, journal_, catalog_, clock_, options_);
  }
  if (std::exchange(group->is_leaving, false)) --leaving_;
  return group;
}

void GroupTable::forget_if_gone(const std::string& name) {
  const auto at = groups_.find(name);
  if (at == groups_.end() || !at->second->gone()) return;
  limits_.forget(at->second->counted);
  if (at->second->is_leaving) --leaving_;
  groups_.erase(at);
}

void GroupTable::count(JournaledGroup& group) {
  limits_.count(group.counted, group.group(), group.classic(), group.state_bytes());
}

void GroupTable::remove(JournaledGroup& group, AppendOrder::Then then) {
  if (!std::exchange(group.is_leaving, true)) ++leaving_;
  group.write_removal(
      [this, name = group.group().name(), then = std::move(then)](const Status& status) {
        forget_if_gone(name);
        then(status);
      });
  count(group);
}

Outcome GroupTable::check_member(const MemberHeartbeat& request) const {
  const auto group = find(request.group);
  return limits_.check_member(group == nullptr ? nullptr : &group->group(), request);
}

Outcome GroupTable::check_no_classic(const std::string& name, ErrorCode code) const {
  const auto group = find(name);
  if (group == nullptr || group->classic().members().empty()) return {};
  return {code, "group '" + name + "' has " + std::to_string(group->classic().members().size()) +
                    " members that use Kafka's classic protocol; stop them first"};
}

Outcome GroupTable::check_join(const ClassicJoinRequest& request) {
  const auto group = find(request.group);
  Outcome full = limits_.check_join(group == nullptr ? nullptr : &group->classic(), request);
  return full.code != ErrorCode::none ? full : check_room(request.group);
}

Outcome GroupTable::check_offsets(const wire::OffsetCommitRequest& request) const {
  const auto group = find(request.group);
  return limits_.check_offsets(
      [&](const auto& id) { return group == nullptr ? nullptr : group->offset(id); }, request);
}

Outcome GroupTable::check_room(const std::string& name) {
  const auto is_full = [this] { return groups_.size() - leaving_ >= options_.max_groups; };
  if (groups_.contains(name) || !is_full()) return {};
  make_room();
  return is_full() ? limits_.too_many_groups() : Outcome{};
}

void GroupTable::make_room() {
  if (removable_.empty()) find_removable();
  while (!removable_.empty()) {
    const auto group = find(removable_.back().second);
    removable_.pop_back();
    if (group == nullptr || !group->holds_nothing() || group->is_leaving) continue;
    return remove(*group, ignore);
  }
}

/// Looks at all groups, so not too often.
void GroupTable::find_removable() {
  const int64_t now_ms = clock_.steady_ms();
  if (now_ms < look_for_removable_ms_) return;
  look_for_removable_ms_ = now_ms + kLookForRemovableMs;
  for (const auto& [name, group] : groups_) {
    if (group->holds_nothing() && !group->is_leaving && group->empty_since_ms >= 0)
      removable_.emplace_back(group->empty_since_ms, name);
  }
  std::sort(removable_.rbegin(), removable_.rend());
}

void GroupTable::finish_loading() {
  for (const auto& [name, group] : groups_) {
    group->finish_loading();
    count(*group);
  }
  std::erase_if(groups_, [](const auto& group) { return group.second->gone(); });
}

void GroupTable::expire() {
  for (const auto& [name, group] : groups_) expire(*group);
  remove_expired(clock_.steady_ms());
}

void GroupTable::expire(JournaledGroup& group) {
  const int64_t now_ms = clock_.steady_ms();
  group.group().expire(now_ms);
  group.classic().expire(now_ms);
  group.write_classic();
  group.write_group(ignore);
  note_emptiness(group, now_ms);
  count(group);
}

void GroupTable::note_emptiness(JournaledGroup& group, int64_t now_ms) const {
  if (group.member_count() != 0) {
    group.empty_since_ms = -1;
  } else if (group.empty_since_ms < 0) {
    group.empty_since_ms = now_ms;
  }
}

bool GroupTable::has_expired(const JournaledGroup& group, int64_t now_ms) const {
  if (group.empty_since_ms < 0 || group.is_leaving) return false;
  const int64_t empty_ms = now_ms - group.empty_since_ms;
  if (group.holds_nothing()) return empty_ms >= options_.empty_group_ms;
  return empty_ms >= options_.offsets_retention_ms &&
         group.newest_commit_ms() <= clock_.wall_ms() - options_.offsets_retention_ms;
}

void GroupTable::remove_expired(int64_t now_ms) {
  if (now_ms < look_for_expired_ms_) return;
  look_for_expired_ms_ = now_ms + kLookForExpiredMs;
  std::vector<std::shared_ptr<JournaledGroup>> expired;
  for (const auto& [name, group] : groups_) {
    if (has_expired(*group, now_ms)) expired.push_back(group);
  }
  for (const auto& group : expired) remove(*group, ignore);
}

void GroupTable::refresh_topics() {
  for (const auto& [name, group] : groups_) {
    const OffsetChanges changes = group->offsets_to_settle();
    group->group().refresh_topics();
    group->write_group(ignore);
    group->write_offsets(changes, ignore);
    count(*group);
  }
}

}  // namespace hailstorm::groups
