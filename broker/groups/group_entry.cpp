#include "broker/groups/group_entry.h"

#include <utility>

#include "broker/groups/offsets_schema.h"
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
  return {{key.topic, key.partition},
          decoded->offset,
          decoded->leader_epoch,
          std::move(decoded->metadata)};
}

}  // namespace

GroupEntry::Entries GroupEntry::differences() {
  std::set<std::string> members = group_.take_changed();
  members.merge(std::exchange(doubtful_members_, {}));
  const std::set<std::string> doubtful = std::exchange(doubtful_keys_, {});
  const Records wanted = records_of(group_, members);
  Entries entries;
  for (const std::string& key : record_keys(group_.name(), members)) {
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

void GroupEntry::write_group(AppendOrder::Then then) {
  Entries entries;
  if (group_.changed() || !doubtful_keys_.empty()) entries = differences();
  if (entries.empty()) return states_.after_all(std::move(then));
  append(states_, std::move(entries), {}, std::move(then));
}

void GroupEntry::write_offsets(const OffsetChanges& changes, AppendOrder::Then then) {
  Entries entries;
  for (const CommittedOffset& change : changes) {
    GroupJournal::Entry entry{offset_key(group_.name(), change.id), std::nullopt};
    if (change.offset >= 0) {
      entry.value = encode(OffsetCommitValue{.offset = change.offset,
                                             .leader_epoch = change.leader_epoch,
                                             .metadata = change.metadata,
                                             .commit_timestamp_ms = clock_.wall_ms()});
    }
    entries.push_back(std::move(entry));
  }
  if (entries.empty()) return commits_.after_all(std::move(then));
  append(commits_, std::move(entries), changes, std::move(then));
}

void GroupEntry::write_removal(AppendOrder::Then then) {
  group_.restore(0, {});
  OffsetChanges changes;
  for (const TopicPartition& id : committed_partitions()) changes.push_back({id, -1, -1, {}});
  std::set<std::string> keys = std::exchange(doubtful_keys_, {});
  doubtful_members_.clear();
  for (const auto& [key, value] : journaled_) keys.insert(key);
  Entries entries;
  for (const std::string& key : keys) entries.push_back({key, std::nullopt});
  if (entries.empty()) return commits_.after_all(std::move(then));
  append(commits_, std::move(entries), std::move(changes), std::move(then));
}

void GroupEntry::append(AppendOrder& order, Entries entries, OffsetChanges changes,
                        AppendOrder::Then then) {
  const uint64_t number = order.begin();
  order.after_all(std::move(then));
  for (const GroupJournal::Entry& entry : entries) {
    if (entry.value) {
      journaled_[entry.key] = *entry.value;
    } else {
      journaled_.erase(entry.key);
    }
  }
  auto ended = [weak = weak_from_this(), &order, number, entries,
                changes = std::move(changes)](const Status& status) {
    const auto self = weak.lock();
    if (self == nullptr) return;
    if (status.ok()) {
      self->apply(changes);
    } else {
      self->doubt(entries);
    }
    order.end(number, status);
  };
  const Status begun = journal_.append(group_.name(), std::move(entries), ended);
  if (!begun.ok()) ended(begun);
}

void GroupEntry::apply(const OffsetChanges& changes) {
  for (const CommittedOffset& change : changes) {
    if (change.offset >= 0) {
      offsets_[change.id] = change;
    } else {
      offsets_.erase(change.id);
    }
  }
}

void GroupEntry::doubt(const Entries& entries) {
  for (const GroupJournal::Entry& entry : entries) {
    const RecordKey key = known_key(entry.key);
    if (key.kind != RecordKind::offset_commit) {
      doubtful_keys_.insert(entry.key);
      doubtful_members_.insert(key.member_id);
      continue;
    }
    // Nobody writes a refused commit again; for a snapshot the last durable one counts, unless a
    // later commit is under way.
    const auto now = journaled_.find(entry.key);
    if (now == journaled_.end() ? entry.value.has_value() : now->second != entry.value) continue;
    const auto durable = offsets_.find({key.topic, key.partition});
    if (durable == offsets_.end()) {
      journaled_.erase(entry.key);
    } else {
      journaled_[entry.key] = encode(OffsetCommitValue{.offset = durable->second.offset,
                                                       .leader_epoch = durable->second.leader_epoch,
                                                       .metadata = durable->second.metadata,
                                                       .commit_timestamp_ms = clock_.wall_ms()});
    }
  }
}

bool GroupEntry::gone() const {
  return group_.members().empty() && group_.epoch() == 0 && journaled_.empty() &&
         offsets_.empty() && doubtful_keys_.empty() && states_.idle() && commits_.idle();
}

std::set<TopicPartition> GroupEntry::committed_partitions() const {
  std::set<TopicPartition> ids;
  for (const auto& [id, offset] : offsets_) ids.insert(id);
  for (const auto& [bytes, value] : journaled_) {
    const RecordKey key = known_key(bytes);
    if (key.kind == RecordKind::offset_commit) ids.insert({key.topic, key.partition});
  }
  return ids;
}

void GroupEntry::replay(std::string_view key, std::optional<std::string_view> value) {
  if (value) {
    journaled_.insert_or_assign(std::string(key), std::string(*value));
  } else {
    journaled_.erase(std::string(key));
  }
}

void GroupEntry::finish_loading() {
  HAIL_CHECK(restore(group_, journaled_, clock_.steady_ms()).ok());
  for (const auto& [bytes, value] : journaled_) {
    const RecordKey key = known_key(bytes);
    if (key.kind == RecordKind::offset_commit) {
      offsets_[{key.topic, key.partition}] = offset_of(key, value);
    }
  }
}

}  // namespace hailstorm::groups
