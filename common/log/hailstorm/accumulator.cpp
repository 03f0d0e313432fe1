#include "common/log/hailstorm/accumulator.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/check.h"
#include "common/log/record_check.h"
#include "common/wire/partitioner.h"

namespace hailstorm::log::hail {
namespace {

/// The memory that a record takes beside its key, value and headers, about.
constexpr size_t kRecordOverheadBytes = 64;

void append_to(Batch& batch, const Record& record) {
  std::vector<wire::RecordHeaderView> headers;
  headers.reserve(record.headers.size());
  for (const auto& [key, value] : record.headers) headers.push_back({key, value});
  batch.builder.append(record.timestamp_ms, record.key, record.value, headers);
  batch.bytes += size_of(record);
  ++batch.record_count;
}

}  // namespace

size_t size_of(const Record& record) {
  return kRecordOverheadBytes + static_cast<size_t>(record_bytes(record));
}

size_t size_of(const RecordView& record) {
  return kRecordOverheadBytes + static_cast<size_t>(record_bytes(record));
}

bool Accumulator::is_full(const Topic& topic, const Batch& batch) {
  return batch.builder.record_count() > 0 && batch.builder.size_bytes() >= topic.batch_bytes;
}

Accumulator::Topic& Accumulator::topic_of(const std::string& name) {
  const auto [found, is_new] = topics_.try_emplace(name);
  if (is_new) found->second.batch_bytes = static_cast<size_t>(options_.batch_bytes);
  return found->second;
}

bool Accumulator::append(const std::string& name, Record record, DeliveryCallback done,
                         int64_t now_ms, int64_t wall_ms) {
  if (record.timestamp_ms < 0) record.timestamp_ms = wall_ms;
  Topic& topic = topic_of(name);
  Waiting waiting{std::move(record), std::move(done), ++last_ticket_, now_ms};
  if (!topic.partitions.empty()) return add(name, topic, std::move(waiting));
  topic.waiting.push_back(std::move(waiting));
  return topic.waiting.size() == 1;
}

bool Accumulator::add(const std::string& name, Topic& topic, Waiting waiting) {
  const auto count = static_cast<int32_t>(topic.partitions.size());
  const int32_t named = waiting.record.partition;
  if (named >= count) {
    Batch alone = batch_of(std::move(waiting));
    refused_.push_back({{name, named}, std::move(alone)});
    return true;
  }
  const auto& key = waiting.record.key;
  const bool is_free = named < 0 && !key;  // any partition will do
  const size_t partition = is_free      ? topic.keyless_partition
                           : named >= 0 ? static_cast<size_t>(named)
                                        : static_cast<size_t>(wire::partition_for_key(*key, count));
  bool opened = false;
  Batch& batch = open_batch(topic, partition, size_of(waiting.record), waiting.queued_ms,
                            waiting.ticket, opened);
  append_to(batch, waiting.record);
  if (!is_free) batch.is_bound = true;
  batch.waiters.push_back({std::move(waiting.done), nullptr, 1});
  const bool full = is_full(topic, batch);
  if (full && is_free) topic.keyless_partition = open_partition(topic, partition + 1);
  return opened || full;
}

/// A batch of one record that is not sent. Its callback gets the refusal.
Batch Accumulator::batch_of(Waiting waiting) {
  Batch batch;
  batch.bytes = size_of(waiting.record);
  batch.waiters.push_back({std::move(waiting.done), nullptr, 1});
  batch.record_count = 1;
  batch.first_ticket = waiting.ticket;
  return batch;
}

Batch& Accumulator::open_batch(Topic& topic, size_t partition, size_t record_bytes, int64_t now_ms,
                               uint64_t ticket, bool& opened) {
  std::deque<Batch>& batches = topic.partitions[partition];
  const bool fits = !batches.empty() && !is_full(topic, batches.back()) &&
                    batches.back().builder.size_bytes() + record_bytes <= topic.batch_bytes;
  if (fits) return batches.back();
  opened = true;
  Batch& batch = batches.emplace_back();
  batch.opened_ms = now_ms;
  batch.first_ticket = ticket;
  return batch;
}

bool Accumulator::append(const std::string& name, std::span<const RecordView> records,
                         const BatchCallback& done, int64_t now_ms, int64_t wall_ms,
                         size_t& taken) {
  taken = 0;
  Topic& topic = topic_of(name);
  if (topic.partitions.empty() || records.front().key) return false;
  const size_t partition = topic.keyless_partition;
  bool opened = false;
  Batch& batch =
      open_batch(topic, partition, size_of(records.front()), now_ms, last_ticket_ + 1, opened);
  for (const RecordView& record : records) {
    const bool fits = batch.builder.size_bytes() + size_of(record) <= topic.batch_bytes;
    if (record.key || is_full(topic, batch) || (taken > 0 && !fits)) break;
    batch.builder.append(record.timestamp_ms < 0 ? wall_ms : record.timestamp_ms, record.key,
                         record.value);
    batch.bytes += size_of(record);
    ++taken;
  }
  batch.record_count += static_cast<int32_t>(taken);
  last_ticket_ += taken;
  if (taken > 0) batch.waiters.push_back({nullptr, done, static_cast<int32_t>(taken)});
  const bool full = is_full(topic, batch);
  if (full) topic.keyless_partition = open_partition(topic, partition + 1);
  return opened || full;
}

void Accumulator::set_partition_count(const std::string& name, int32_t count, int64_t now_ms) {
  HAIL_CHECK(count > 0);
  Topic& topic = topic_of(name);
  if (static_cast<size_t>(count) <= topic.partitions.size()) return;
  if (topic.partitions.empty()) {
    // Each topic and producer begins elsewhere, so that small batches do not all meet in one place.
    topic.keyless_partition = static_cast<size_t>(now_ms % count);
  }
  topic.partitions.resize(static_cast<size_t>(count));
  topic.keyless_partition = open_partition(topic, topic.keyless_partition);
  for (Waiting& waiting : std::exchange(topic.waiting, {}))
    (void)add(name, topic, std::move(waiting));
}

int32_t Accumulator::partition_count(const std::string& name) const {
  const auto found = topics_.find(name);
  return found == topics_.end() ? 0 : static_cast<int32_t>(found->second.partitions.size());
}

void Accumulator::set_max_batch_bytes(const std::string& name, int32_t bytes) {
  topic_of(name).batch_bytes = static_cast<size_t>(std::min(options_.batch_bytes, bytes));
}

std::vector<std::string> Accumulator::topics_unknown() const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_) {
    if (!topic.waiting.empty()) names.push_back(name);
  }
  return names;
}

/// The first open one from `from` on, going round; `from` itself where none is open.
size_t Accumulator::open_partition(const Topic& topic, size_t from) {
  const size_t count = topic.partitions.size();
  for (size_t i = 0; i < count; ++i) {
    if (!topic.closed.contains((from + i) % count)) return (from + i) % count;
  }
  return from % count;
}

void Accumulator::set_closed(const TopicPartition& id, bool is_closed) {
  Topic& topic = topic_of(id.topic);
  if (is_closed) {
    topic.closed.insert(static_cast<size_t>(id.partition));
  } else {
    topic.closed.erase(static_cast<size_t>(id.partition));
  }
  if (!topic.partitions.empty())
    topic.keyless_partition = open_partition(topic, topic.keyless_partition);
}

void Accumulator::open_all() {
  for (auto& [name, topic] : topics_) topic.closed.clear();
}

/// In the order of their tickets.
void Accumulator::insert(std::deque<Batch>& batches, Batch batch) {
  const auto at = std::upper_bound(
      batches.begin(), batches.end(), batch.first_ticket,
      [](uint64_t ticket, const Batch& other) { return ticket < other.first_ticket; });
  batches.insert(at, std::move(batch));
}

std::vector<Accumulator::Ready> Accumulator::take_closed(const TopicPartition& id) {
  std::vector<Ready> taken;
  const auto found = topics_.find(id.topic);
  if (found == topics_.end()) return taken;
  Topic& topic = found->second;
  const auto partition = static_cast<size_t>(id.partition);
  if (partition >= topic.partitions.size()) return taken;
  const size_t elsewhere = open_partition(topic, topic.keyless_partition);
  const bool all_closed = topic.closed.contains(elsewhere);
  for (Batch& batch : std::exchange(topic.partitions[partition], {})) {
    if (batch.is_bound || all_closed) {
      taken.push_back({id, std::move(batch)});
    } else {
      insert(topic.partitions[elsewhere], std::move(batch));
    }
  }
  return taken;
}

void Accumulator::put_back(const TopicPartition& id, Batch batch) {
  insert(topic_of(id.topic).partitions[static_cast<size_t>(id.partition)], std::move(batch));
}

std::vector<Accumulator::Ready> Accumulator::take_ready(int64_t now_ms, bool hurry,
                                                        const HasRoom& has_room) {
  std::vector<Ready> ready;
  for (auto& [name, topic] : topics_) {
    for (size_t i = 0; i < topic.partitions.size(); ++i) {
      std::deque<Batch>& batches = topic.partitions[i];
      if (batches.empty()) continue;
      const Batch& first = batches.front();
      const bool due = hurry || batches.size() > 1 || is_full(topic, first) ||
                       now_ms - first.opened_ms >= options_.linger_ms;
      const TopicPartition id{name, static_cast<int32_t>(i)};
      if (!due || !has_room(id)) continue;
      if (batches.size() == 1 && i == topic.keyless_partition) {
        topic.keyless_partition = open_partition(topic, i + 1);
      }
      ready.push_back({id, std::move(batches.front())});
      batches.pop_front();
    }
  }
  return ready;
}

int64_t Accumulator::next_due_ms(const HasRoom& has_room) const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [name, topic] : topics_) {
    for (size_t i = 0; i < topic.partitions.size(); ++i) {
      const std::deque<Batch>& batches = topic.partitions[i];
      if (batches.empty() || !has_room({name, static_cast<int32_t>(i)})) continue;
      const bool closed = batches.size() > 1 || is_full(topic, batches.front());
      due_ms = std::min(due_ms, closed ? 0 : batches.front().opened_ms + options_.linger_ms);
    }
  }
  return due_ms;
}

void Accumulator::take_topic(const std::string& name, Topic& topic, int64_t before_ms,
                             std::vector<Ready>& out) {
  while (!topic.waiting.empty() && topic.waiting.front().queued_ms < before_ms) {
    Batch alone = batch_of(std::move(topic.waiting.front()));
    out.push_back({{name, -1}, std::move(alone)});
    topic.waiting.pop_front();
  }
  for (size_t i = 0; i < topic.partitions.size(); ++i) {
    std::deque<Batch>& batches = topic.partitions[i];
    while (!batches.empty() && batches.front().opened_ms < before_ms) {
      out.push_back({{name, static_cast<int32_t>(i)}, std::move(batches.front())});
      batches.pop_front();
    }
  }
}

std::vector<Accumulator::Ready> Accumulator::take_older_than(int64_t before_ms) {
  std::vector<Ready> taken;
  for (auto& [name, topic] : topics_) take_topic(name, topic, before_ms, taken);
  return taken;
}

std::vector<Accumulator::Ready> Accumulator::take_topic(const std::string& name) {
  std::vector<Ready> taken;
  const auto topic = topics_.find(name);
  if (topic == topics_.end()) return taken;
  take_topic(name, topic->second, std::numeric_limits<int64_t>::max(), taken);
  topics_.erase(topic);
  return taken;
}

std::vector<Accumulator::Ready> Accumulator::take_refused() { return std::exchange(refused_, {}); }

std::vector<Accumulator::Ready> Accumulator::take_all() {
  std::vector<Ready> all = take_older_than(std::numeric_limits<int64_t>::max());
  for (Ready& refused : take_refused()) all.push_back(std::move(refused));
  return all;
}

uint64_t Accumulator::oldest_ticket() const {
  uint64_t oldest = std::numeric_limits<uint64_t>::max();
  for (const Ready& refused : refused_) oldest = std::min(oldest, refused.batch.first_ticket);
  for (const auto& [name, topic] : topics_) {
    if (!topic.waiting.empty()) oldest = std::min(oldest, topic.waiting.front().ticket);
    for (const std::deque<Batch>& batches : topic.partitions) {
      if (!batches.empty()) oldest = std::min(oldest, batches.front().first_ticket);
    }
  }
  return oldest;
}

}  // namespace hailstorm::log::hail
