#include "broker/groups/journaled_group.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "broker/groups/offsets_schema.h"
#include "broker/groups/restore_group.h"
#include "common/base/check.h"

namespace hailstorm::groups {

using wire::CommittedOffset;
using wire::TopicPartition;

namespace {

/// REQUIRES: a key that encode() made or that was decoded before.
RecordKey known_key(std::string_view bytes) {
  auto key = decode_key(bytes);
  HAIL_CHECK(key.ok() && key->has_value());
  return **std::move(key);
}

std::string offset_key(const std::string& group, const TopicPartition& id) {
  return encode(RecordKey{.kind = RecordKind::offset_commit,
                          .group = group,
                          .topic = id.topic,
                          .partition = id.partition,
                          .member_id = {}});
}

CommittedOffset offset_of(const RecordKey& key, const std::string& value) {
  auto decoded = decode_value<OffsetCommitValue>(value);
  HAIL_CHECK(decoded.ok());
  return {{key.topic, key.partition, decoded->topic_id},
          decoded->offset,
          decoded->leader_epoch,
          std::move(decoded->metadata)};
}

std::string value_of(const CommittedOffset& offset, const Clock& clock) {
  return encode(OffsetCommitValue{.offset = offset.offset,
                                  .leader_epoch = offset.leader_epoch,
                                  .metadata = offset.metadata,
                                  .commit_timestamp_ms = clock.wall_ms(),
                                  .topic_id = offset.id.topic_id});
}

}  // namespace

std::string JournaledGroup::classic_key() const {
  return encode(RecordKey{
      .kind = RecordKind::classic_group, .group = group_.name(), .topic = {}, .member_id = {}});
}

JournaledGroup::Entries JournaledGroup::differences() {
  std::set<std::string> members = group_.take_changed();
  members.merge(std::exchange(doubtful_members_, {}));
  const std::set<std::string> doubtful = std::exchange(doubtful_keys_, {});
  Records wanted = records_of(group_, members);
  if (classic_.record()) wanted[classic_key()] = encode(*classic_.record());
  classic_.note_written();
  std::set<std::string> keys = record_keys(group_.name(), members);
  keys.insert(classic_key());
  Entries entries;
  for (const std::string& key : keys) {
    const auto want = wanted.find(key);
    const auto have = journaled_.find(key);
    const bool same = want == wanted.end()
                          ? have == journaled_.end()
                          : have != journaled_.end() && have->second == want->second;
    if (same && !doubtful.contains(key)) continue;
    entries.push_back(
        {key, want == wanted.end() ? std::nullopt : std::optional<std::string>(want->second)});
  }
  return entries;
}

void JournaledGroup::write_group(AppendOrder::Then then) {
  Entries entries;
  const bool has_changed = group_.changed() || classic_.changed() || !doubtful_keys_.empty();
  if (has_changed) entries = differences();
  if (entries.empty()) return states_.after_all(std::move(then));
  append({&states_}, std::move(entries), {}, std::move(then));
}

void JournaledGroup::write_classic() {
  if (!classic_.wants_store()) {
    if (classic_.changed()) write_group([](const Status&) {});
    return;
  }
  classic_.begin_store();
  write_group([weak = weak_from_this()](const Status& stored) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->classic_.end_store(stored, self->clock_.steady_ms());
    self->write_classic();
  });
}

JournaledGroup::Entries JournaledGroup::entries_of(const OffsetChanges& changes) const {
  Entries entries;
  for (const CommittedOffset& change : changes) {
    GroupJournal::Entry entry{offset_key(group_.name(), change.id), std::nullopt};
    if (change.offset >= 0) entry.value = value_of(change, clock_);
    entries.push_back(std::move(entry));
  }
  return entries;
}

void JournaledGroup::write_offsets(const OffsetChanges& changes, AppendOrder::Then then) {
  Entries entries = entries_of(changes);
  if (entries.empty()) return commits_.after_all(std::move(then));
  append({&commits_}, std::move(entries), changes, std::move(then));
}

void JournaledGroup::write_rewind(const OffsetChanges& changes, AppendOrder::Then then) {
  Entries entries = differences();
  for (GroupJournal::Entry& entry : entries_of(changes)) entries.push_back(std::move(entry));
  if (entries.empty()) return commits_.after_all(std::move(then));
  append({&states_, &commits_}, std::move(entries), changes, std::move(then));
}

void JournaledGroup::write_removal(AppendOrder::Then then) {
  group_.restore(0, {}, {});
  classic_.clear();
  OffsetChanges changes;
  for (const auto& [id, offset] : offsets_) changes.push_back({id, -1, -1, {}});
  for (const auto& [bytes, value] : journaled_) {
    const RecordKey key = known_key(bytes);
    if (key.kind == RecordKind::offset_commit)
      changes.push_back({{key.topic, key.partition}, -1, -1, {}});
  }
  std::set<std::string> keys = std::exchange(doubtful_keys_, {});
  doubtful_members_.clear();
  for (const auto& [key, value] : journaled_) keys.insert(key);
  Entries entries;
  for (const std::string& key : keys) entries.push_back({key, std::nullopt});
  if (entries.empty()) return commits_.after_all(std::move(then));
  append({&commits_}, std::move(entries), std::move(changes), std::move(then));
}

void JournaledGroup::append(const Orders& orders, Entries entries, OffsetChanges changes,
                            AppendOrder::Then then) {
  std::vector<std::pair<AppendOrder*, uint64_t>> begun;
  for (AppendOrder* order : orders) begun.emplace_back(order, order->begin());
  orders.back()->after_all(std::move(then));
  for (const GroupJournal::Entry& entry : entries) {
    if (entry.value) {
      keep(entry.key, *entry.value);
    } else {
      drop(entry.key);
    }
  }
  auto ended = [weak = weak_from_this(), begun, entries,
                changes = std::move(changes)](const Status& status) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    if (status.ok()) {
      self->apply(changes);
    } else {
      self->suspect(entries);
    }
    for (const auto& [order, number] : begun) order->end(number, status);
  };
  const Status written = journal_.append(group_.name(), std::move(entries), ended);
  if (!written.ok()) ended(written);
}

void JournaledGroup::apply(const OffsetChanges& changes) {
  for (const CommittedOffset& change : changes) {
    if (change.offset >= 0) {
      offsets_[wire::by_name(change.id)] = change;
    } else {
      offsets_.erase(wire::by_name(change.id));
    }
  }
}

void JournaledGroup::suspect(const Entries& entries) {
  for (const GroupJournal::Entry& entry : entries) {
    const RecordKey key = known_key(entry.key);
    if (key.kind != RecordKind::offset_commit) {
      doubtful_keys_.insert(entry.key);
      doubtful_members_.insert(key.member_id);
      continue;
    }
    // A refused commit is not written again. A snapshot has the last durable one, unless a later
    // commit is under way.
    const auto now = journaled_.find(entry.key);
    if (now == journaled_.end() ? entry.value.has_value() : now->second != entry.value) continue;
    const auto durable = offsets_.find({key.topic, key.partition});
    if (durable == offsets_.end()) {
      drop(entry.key);
    } else {
      keep(entry.key, value_of(durable->second, clock_));
    }
  }
}

void JournaledGroup::keep(const std::string& key, const std::string& value) {
  const auto [at, is_new] = journaled_.try_emplace(key);
  state_bytes_ += std::ssize(value) - std::ssize(at->second);
  if (is_new) state_bytes_ += kRecordBytes + std::ssize(key);
  at->second = value;
}

void JournaledGroup::drop(const std::string& key) {
  const auto at = journaled_.find(key);
  if (at == journaled_.end()) return;
  state_bytes_ -= kRecordBytes + std::ssize(key) + std::ssize(at->second);
  journaled_.erase(at);
}

bool JournaledGroup::holds_nothing() const {
  return member_count() == 0 && offsets_.empty() && commits_.idle();
}

int64_t JournaledGroup::newest_commit_ms() const {
  int64_t newest_ms = -1;
  for (const auto& [bytes, value] : journaled_) {
    if (known_key(bytes).kind != RecordKind::offset_commit) continue;
    const auto decoded = decode_value<OffsetCommitValue>(value);
    if (decoded.ok()) newest_ms = std::max(newest_ms, decoded->commit_timestamp_ms);
  }
  return newest_ms;
}

bool JournaledGroup::gone() const {
  return group_.members().empty() && group_.epoch() == 0 && classic_.is_gone() &&
         journaled_.empty() && offsets_.empty() && doubtful_keys_.empty() && states_.idle() &&
         commits_.idle();
}

const CommittedOffset* JournaledGroup::offset(const TopicPartition& id) const {
  const auto at = offsets_.find(wire::by_name(id));
  if (at == offsets_.end()) return nullptr;
  const Uuid& wanted = id.topic_id.is_zero() ? catalog_.topic_id(id.topic) : id.topic_id;
  return at->second.id.topic_id == wanted ? &at->second : nullptr;
}

int64_t JournaledGroup::accepted_offset(const TopicPartition& id) const {
  const auto at = journaled_.find(offset_key(group_.name(), id));
  if (at == journaled_.end()) return -1;
  const CommittedOffset accepted = offset_of(known_key(at->first), at->second);
  const Uuid& wanted = id.topic_id.is_zero() ? catalog_.topic_id(id.topic) : id.topic_id;
  return accepted.id.topic_id == wanted ? accepted.offset : -1;
}

OffsetChanges JournaledGroup::offsets_to_settle() {
  OffsetChanges changes;
  for (const auto& [bytes, value] : journaled_) {
    const RecordKey key = known_key(bytes);
    if (key.kind != RecordKind::offset_commit) continue;
    CommittedOffset offset = offset_of(key, value);
    const Uuid there = catalog_.topic_id(key.topic);
    const bool exists = catalog_.partition_count(key.topic) > 0;
    if (exists && offset.id.topic_id == there) continue;
    if (exists && offset.id.topic_id.is_zero()) {
      group_.assume_seen(key.topic);
    } else {
      offset.offset = -1;
    }
    offset.id.topic_id = there;
    changes.push_back(std::move(offset));
  }
  return changes;
}

void JournaledGroup::replay(std::string_view key, std::optional<std::string_view> value) {
  if (value) {
    keep(std::string(key), std::string(*value));
  } else {
    drop(std::string(key));
  }
}

void JournaledGroup::finish_loading() {
  HAIL_CHECK(restore(group_, journaled_, catalog_, clock_.steady_ms()).ok());
  for (const auto& [bytes, value] : journaled_) {
    const RecordKey key = known_key(bytes);
    if (key.kind == RecordKind::classic_group) {
      auto classic = decode_value<ClassicGroupValue>(value);
      HAIL_CHECK(classic.ok());
      classic_.restore(std::move(classic).value(), clock_.steady_ms());
    }
    if (key.kind != RecordKind::offset_commit) continue;
    CommittedOffset offset = offset_of(key, value);
    if (offset.id.topic_id.is_zero()) offset.id.topic_id = catalog_.topic_id(key.topic);
    offsets_[wire::by_name(offset.id)] = std::move(offset);
  }
}

}  // namespace hailstorm::groups
