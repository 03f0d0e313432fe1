#include "tests/broker/partition/store_model.h"

#include <fmt/format.h>

#include "common/wire/record_batch.h"

namespace hailstorm::broker {

namespace {

using storage::StorageErrc;

constexpr int64_t kSegmentBytes = 1024;
constexpr int64_t kRetentionBytes = 2048;

/// The only record's value, or nothing if it cannot be read.
std::optional<std::string> value_of(Bytes batch) {
  const auto parsed = wire::RecordBatchView::parse(batch);
  if (!parsed.ok()) return std::nullopt;
  wire::RecordReader reader(*parsed);
  wire::RecordView record;
  const auto more = reader.next(record);
  if (!more.ok() || !*more) return std::nullopt;
  return std::string(record.value.value_or(""));
}

}  // namespace

void StoreModel::live(int life) {
  if (!open()) return;
  create("rides", 2, wire::FlushPolicy::always);
  create("events-x", 1, wire::FlushPolicy::interval);
  produce_group("rides", 1, 4, 250);
  if (life == 0) create("gone", 1, wire::FlushPolicy::always);
  take_producer_ids(2);
  for (int i = 0; i < 4; ++i) {
    produce("rides", 0, 300);
    produce("rides", 1, 100);
    produce("events-x", 0, 300);
    if (life == 0 && i < 2) produce("gone", 0, 50);
    if (i == 2) remove("gone");
  }
  enforce_retention();
  read("rides", 0);
  read("events-x", 0);
  delete_records("rides", 1, 1);
  delete_records("events-x", 0, 0);
  produce("events-x", 0, 200);
  wait_for_disk_from_now("events-x");
  produce("events-x", 0, 200);
  grow("rides", 3);
  produce("rides", 2, 700);
  if (life % 2 == 1) create("gone", 2, wire::FlushPolicy::always);  // the name of a deleted topic
  produce("gone", 1, 50);
  produce_group("rides", 0, 5, 400);
  produce("rides", 0, 1500);  // larger than a segment
  enforce_retention();
  close();
  if (!open()) return;
  produce("rides", 0, 300);
  produce("rides", 2, 300);
  produce("events-x", 0, 100);
  take_producer_ids(1);
  read("rides", 2);
}

bool StoreModel::open() {
  store_.reset();
  auto opened = TopicStore::open(files_, clock_, folder_);
  if (!opened.ok()) return false;
  store_ = std::move(opened).value();
  return true;
}

void StoreModel::create(const std::string& name, int32_t partitions, wire::FlushPolicy flush) {
  if (store_ == nullptr || store_->find(name) != nullptr) return;
  TopicNotes fresh;
  fresh.config.partitions = partitions;
  fresh.config.segment_bytes = kSegmentBytes;
  fresh.config.retention_bytes = kRetentionBytes;
  fresh.config.flush = flush;
  const bool made = store_->create(name, fresh.config).ok();
  fresh.existence = made ? Existence::present : Existence::unknown;
  fresh.partitions_at_least = fresh.partitions_at_most = partitions;
  topics_[name] = std::move(fresh);
  if (made) check_id(name, topics_[name]);
}

void StoreModel::grow(const std::string& name, int32_t partitions) {
  Topic* const topic = store_ == nullptr ? nullptr : store_->find(name);
  if (topic == nullptr || topic->config.partitions >= partitions) return;
  auto& notes = topics_[name];
  notes.partitions_at_most = partitions;
  if (store_->grow(name, partitions).ok()) notes.partitions_at_least = partitions;
}

void StoreModel::remove(const std::string& name) {
  if (store_ == nullptr || store_->find(name) == nullptr) return;
  const bool removed = store_->remove(name).ok();
  auto& notes = topics_[name];
  notes.existence = removed ? Existence::absent : Existence::unknown;
  // A topic that a failed removal left standing is one whose promises still hold.
  if (!removed && store_->find(name) != nullptr) notes.existence = Existence::present;
}

void StoreModel::produce(const std::string& name, int32_t partition, size_t bytes) {
  Partition* const log = store_ == nullptr ? nullptr : store_->partition({name, partition});
  if (log == nullptr) return;
  Notes& notes = topics_[name].partitions[partition];
  if (notes.producer < 0) notes.producer = 1'000'000 + next_value_;
  clock_.advance_ms(7);
  if (notes.pending) send(*log, notes);
  if (notes.pending) return;
  Pending next;
  next.value = fmt::format("{}-{}-{}:", name, partition, next_value_++) + std::string(bytes, 'x');
  wire::RecordBatchBuilder builder;
  builder.append(clock_.wall_ms(), "key", next.value);
  builder.set_producer(notes.producer, 0, notes.sequence);
  next.batch = builder.finish();
  notes.attempted.insert(next.value);
  notes.pending = std::move(next);
  send(*log, notes);
}

void StoreModel::produce_group(const std::string& name, int32_t partition, int count,
                               size_t bytes) {
  Partition* const log = store_ == nullptr ? nullptr : store_->partition({name, partition});
  if (log == nullptr) return;
  Notes& notes = topics_[name].partitions[partition];
  std::vector<std::pair<storage::Appended, Stored>> group;
  for (int i = 0; i < count; ++i) {
    const std::string value =
        fmt::format("{}-{}-{}:", name, partition, next_value_++) + std::string(bytes, 'y');
    wire::RecordBatchBuilder builder;
    builder.append(clock_.wall_ms(), std::nullopt, value);
    Stored batch = builder.finish();
    notes.attempted.insert(value);
    const auto at = log->append(batch);
    if (at.ok()) group.emplace_back(*at, batch);
  }
  static_cast<void>(log->sync_now().ok());
  for (const auto& [at, batch] : group) {
    if (log->high_watermark() > at.last_offset) acknowledge(notes, at, batch);
  }
}

void StoreModel::send(Partition& log, Notes& notes) {
  Stored batch = notes.pending->batch;
  const int64_t end = log.log_end_offset();
  const auto at = log.append(batch);
  if (!at.ok()) {
    if (at.error().is(StorageErrc::duplicate_sequence) ||
        at.error().is(StorageErrc::out_of_order_sequence) ||
        at.error().is(StorageErrc::unknown_producer))
      complain("a batch sent again is refused: " + at.error().message());
    return;
  }
  if (!at->duplicate && at->base_offset != end)
    complain(fmt::format("offset {} was given where the log ends at {}", at->base_offset, end));
  if (log.high_watermark() <= at->last_offset && !log.sync_now().ok()) return;
  if (log.high_watermark() <= at->last_offset) return;
  if (at->duplicate) {
    const auto stored = log.read(at->base_offset, 1);
    if (!stored.ok()) return;
    batch.assign(stored->bytes.begin(), stored->bytes.end());
    if (value_of(batch) != notes.pending->value)
      complain(fmt::format("offset {} was given as that of another batch", at->base_offset));
  }
  acknowledge(notes, *at, batch);
  notes.pending.reset();
  ++notes.sequence;
}

void StoreModel::acknowledge(Notes& notes, const storage::Appended& at, const Stored& batch) {
  const auto [entry, is_new] = notes.acked.emplace(at.base_offset, batch);
  if (!is_new && entry->second != batch)
    complain(fmt::format("offset {} was acknowledged for two batches", at.base_offset));
  ++acknowledged_;
}

void StoreModel::read(const std::string& name, int32_t partition) {
  Partition* const log = store_ == nullptr ? nullptr : store_->partition({name, partition});
  if (log == nullptr) return;
  Notes& notes = topics_[name].partitions[partition];
  int64_t offset = log->log_start_offset();
  while (offset < log->high_watermark()) {
    const auto stored = log->read(offset, 1);
    if (!stored.ok() || stored->bytes.empty()) return;
    notes.seen[offset].assign(stored->bytes.begin(), stored->bytes.end());
    ++offset;
  }
}

void StoreModel::enforce_retention() {
  if (store_ == nullptr) return;
  const bool all = store_->enforce_retention().ok();
  for (auto& [name, topic] : topics_) {
    for (auto& [number, notes] : topic.partitions) {
      const Partition* const log = store_->partition({name, number});
      if (all && log != nullptr) notes.start_at_least = log->log_start_offset();
    }
  }
}

void StoreModel::delete_records(const std::string& name, int32_t partition, int64_t kept) {
  Partition* const log = store_ == nullptr ? nullptr : store_->partition({name, partition});
  if (log == nullptr || log->high_watermark() - kept <= log->log_start_offset()) return;
  Notes& notes = topics_[name].partitions[partition];
  const int64_t start = log->high_watermark() - kept;
  notes.is_shortened = true;
  if (log->delete_before(start).ok()) notes.start_at_least = start;
}

void StoreModel::wait_for_disk_from_now(const std::string& name) {
  Topic* const topic = store_ == nullptr ? nullptr : store_->find(name);
  if (topic == nullptr) return;
  wire::TopicConfig config = topic->config;
  config.flush = wire::FlushPolicy::always;
  if (store_->alter(name, config).ok()) topics_[name].config.flush = config.flush;
}

void StoreModel::take_producer_ids(int count) {
  for (int i = 0; store_ != nullptr && i < count; ++i) {
    const auto id = store_->next_producer_id();
    if (!id.ok()) continue;
    if (*id <= highest_producer_id_) complain(fmt::format("producer id {} was given twice", *id));
    highest_producer_id_ = std::max(highest_producer_id_, *id);
  }
}

void StoreModel::close() {
  if (store_ != nullptr) static_cast<void>(store_->close().ok());
  store_.reset();
}

void StoreModel::lose_power() {
  store_.reset();
  for (auto& [name, topic] : topics_) {
    if (topic.config.flush == wire::FlushPolicy::always) continue;
    for (auto& [number, notes] : topic.partitions) {
      notes.acked.clear();
      notes.seen.clear();
      notes.pending.reset();
      notes.producer = -1;
      notes.sequence = 0;
    }
  }
}

std::vector<std::string> StoreModel::check() {
  auto opened = TopicStore::open(files_, clock_, folder_);
  if (!opened.ok()) {
    complain("the store does not open: " + opened.error().message());
    return wrong_;
  }
  store_ = std::move(opened).value();
  for (auto& [name, notes] : topics_) check_topic(name, notes);
  take_producer_ids(1);
  return wrong_;
}

void StoreModel::check_topic(const std::string& name, TopicNotes& notes) {
  Topic* const topic = store_->find(name);
  if (topic == nullptr) {
    if (notes.existence == Existence::present) complain("topic " + name + " is missing");
    notes.existence = Existence::absent;
    return;
  }
  if (notes.existence == Existence::absent) complain("topic " + name + " came back");
  check_id(name, notes);
  notes.existence = Existence::present;
  const auto count = static_cast<int32_t>(topic->partitions.size());
  if (count < notes.partitions_at_least || count > notes.partitions_at_most)
    complain(fmt::format("topic {} has {} partitions", name, count));
  for (int32_t i = 0; i < count; ++i) {
    Partition& partition = *topic->partitions[static_cast<size_t>(i)];
    const std::string where = fmt::format("{}-{}", name, i);
    if (!partition.is_open()) {
      complain(where + " does not open: " + partition.open_error()->message());
    } else {
      check_partition(where, notes, partition, notes.partitions[i]);
    }
  }
}

void StoreModel::check_id(const std::string& name, TopicNotes& notes) {
  const Uuid id = store_->find(name)->id;
  if (notes.id == id) return;
  if (!notes.id.is_zero()) complain("topic " + name + " has another id");
  if (id.is_zero() || !known_ids_.insert(id).second)
    complain("topic " + name + " has the id of another topic, or none");
  notes.id = id;
}

void StoreModel::check_partition(const std::string& where, const TopicNotes& topic, Partition& log,
                                 Notes& notes) {
  if (log.log_start_offset() < notes.start_at_least)
    complain(fmt::format("{}: the start moved back to {}", where, log.log_start_offset()));
  if (log.log_start_offset() > 0 && !notes.is_shortened &&
      log.size_bytes() < topic.config.retention_bytes - topic.config.segment_bytes)
    complain(fmt::format("{}: retention kept only {} bytes", where, log.size_bytes()));
  const auto before = read_all(where, log);
  if (!before) return;
  check_contents(where, *before, log, notes);
  finish_pending(where, log, notes);
  const auto after = read_all(where, log);
  if (after) check_contents(where, *after, log, notes);
  if (after) notes.seen.insert(after->begin(), after->end());
}

std::optional<std::map<int64_t, StoreModel::Stored>> StoreModel::read_all(const std::string& where,
                                                                          Partition& log) {
  std::map<int64_t, Stored> found;
  int64_t offset = log.log_start_offset();
  while (offset < log.high_watermark()) {
    const auto stored = log.read(offset, 1);
    if (!stored.ok() || stored->bytes.empty()) {
      complain(fmt::format("{}: offset {} cannot be read: {}", where, offset,
                           stored.ok() ? "no bytes" : stored.error().message()));
      return std::nullopt;
    }
    const auto batch = wire::RecordBatchView::parse(stored->bytes);
    if (!batch.ok() || batch->base_offset() != offset) {
      complain(fmt::format("{}: no batch of offset {}", where, offset));
      return std::nullopt;
    }
    found[offset].assign(stored->bytes.begin(), stored->bytes.end());
    offset = batch->last_offset() + 1;
  }
  return found;
}

void StoreModel::check_contents(const std::string& where, const std::map<int64_t, Stored>& found,
                                Partition& log, Notes& notes) {
  for (const auto* promised : {&notes.acked, &notes.seen}) {
    const char* const how = promised == &notes.acked ? "acknowledged" : "read";
    for (auto it = promised->lower_bound(log.log_start_offset()); it != promised->end(); ++it) {
      const auto there = found.find(it->first);
      if (there == found.end()) {
        complain(fmt::format("{}: offset {} was {} and is missing", where, it->first, how));
      } else if (there->second != it->second) {
        complain(fmt::format("{}: offset {} was {} with other bytes", where, it->first, how));
      }
    }
  }
  std::set<std::string> once;
  for (const auto& [offset, batch] : found) {
    const auto value = value_of(batch);
    if (!value || !notes.attempted.contains(*value))
      complain(fmt::format("{}: nobody sent what stands at offset {}", where, offset));
    if (value && !once.insert(*value).second)
      complain(fmt::format("{}: offset {} holds a batch twice", where, offset));
  }
}

void StoreModel::finish_pending(const std::string& where, Partition& log, Notes& notes) {
  const auto [topic, number] = std::pair(where.substr(0, where.rfind('-')), where.back() - '0');
  if (notes.pending) send(log, notes);
  if (notes.pending) complain(where + " does not take again what was sent before");
  produce(topic, number, 30);
  const auto failure = log.failure();
  if (notes.pending)
    complain(where + " takes no writes: " + (failure ? failure->message() : "it does not say why"));
}

}  // namespace hailstorm::broker
