#include "common/log/hailstorm/topic_batches.h"

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
  batch.bytes += memory_bytes(record);
  ++batch.record_count;
}

/// A batch of one record that is not sent. Its callback gets the error.
Batch batch_of(QueuedRecord queued) {
  Batch batch;
  batch.bytes = memory_bytes(queued.record);
  batch.waiters.push_back({std::move(queued.done), nullptr, 1});
  batch.record_count = 1;
  batch.first_ticket = queued.ticket;
  return batch;
}

/// In the order of their tickets.
void insert(std::deque<Batch>& batches, Batch batch) {
  const auto at = std::upper_bound(
      batches.begin(), batches.end(), batch.first_ticket,
      [](uint64_t ticket, const Batch& other) { return ticket < other.first_ticket; });
  batches.insert(at, std::move(batch));
}

}  // namespace

size_t memory_bytes(const Record& record) {
  return kRecordOverheadBytes + static_cast<size_t>(record_bytes(record));
}

size_t memory_bytes(const RecordView& record) {
  return kRecordOverheadBytes + static_cast<size_t>(record_bytes(record));
}

bool TopicBatches::is_full(const Batch& batch) const {
  return batch.builder.record_count() > 0 && batch.builder.size_bytes() >= batch_bytes_;
}

bool TopicBatches::add(QueuedRecord queued) {
  if (partitions_.empty()) {
    queued_.push_back(std::move(queued));
    return queued_.size() == 1;
  }
  const int32_t named = queued.record.partition;
  if (named >= partition_count()) {
    refused_.push_back({{topic_, named}, batch_of(std::move(queued))});
    return true;
  }
  const auto& key = queued.record.key;
  const bool is_free = named < 0 && !key;  // any partition will do
  const size_t partition =
      is_free      ? keyless_partition_
      : named >= 0 ? static_cast<size_t>(named)
                   : static_cast<size_t>(wire::partition_for_key(*key, partition_count()));
  auto [batch, is_new] =
      open_batch(partition, memory_bytes(queued.record), queued.queued_ms, queued.ticket);
  append_to(batch, queued.record);
  if (!is_free) batch.is_bound = true;
  batch.waiters.push_back({std::move(queued.done), nullptr, 1});
  const bool full = is_full(batch);
  if (full && is_free) keyless_partition_ = open_partition(partition + 1);
  return is_new || full;
}

TopicBatches::Added TopicBatches::add(std::span<const RecordView> records,
                                      const BatchCallback& done, uint64_t first_ticket,
                                      int64_t now_ms, int64_t wall_ms) {
  if (partitions_.empty() || records.empty() || records.front().key) return {};
  const size_t partition = keyless_partition_;
  auto [batch, is_new] = open_batch(partition, memory_bytes(records.front()), now_ms, first_ticket);
  size_t count = 0;
  for (const RecordView& record : records) {
    const bool fits = batch.builder.size_bytes() + memory_bytes(record) <= batch_bytes_;
    if (record.key || is_full(batch) || (count > 0 && !fits)) break;
    batch.builder.append(record.timestamp_ms < 0 ? wall_ms : record.timestamp_ms, record.key,
                         record.value);
    batch.bytes += memory_bytes(record);
    ++count;
  }
  batch.record_count += static_cast<int32_t>(count);
  batch.waiters.push_back({nullptr, done, static_cast<int32_t>(count)});
  const bool full = is_full(batch);
  if (full) keyless_partition_ = open_partition(partition + 1);
  return {count, is_new || full};
}

TopicBatches::Open TopicBatches::open_batch(size_t partition, size_t record_bytes, int64_t now_ms,
                                            uint64_t ticket) {
  std::deque<Batch>& batches = partitions_[partition];
  const bool fits = !batches.empty() && !is_full(batches.back()) &&
                    batches.back().builder.size_bytes() + record_bytes <= batch_bytes_;
  if (fits) return {batches.back()};
  Batch& batch = batches.emplace_back();
  batch.opened_ms = now_ms;
  batch.first_ticket = ticket;
  return {batch, true};
}

void TopicBatches::set_partition_count(int32_t count, int64_t now_ms) {
  HAIL_CHECK(count > 0);
  if (count <= partition_count()) return;
  // Each topic and producer begins elsewhere, so that small batches do not all meet in one place.
  if (partitions_.empty()) keyless_partition_ = static_cast<size_t>(now_ms % count);
  partitions_.resize(static_cast<size_t>(count));
  keyless_partition_ = open_partition(keyless_partition_);
  for (QueuedRecord& queued : std::exchange(queued_, {})) (void)add(std::move(queued));
}

/// The first open one from `from` on, going round; `from` itself where none is open.
size_t TopicBatches::open_partition(size_t from) const {
  const size_t count = partitions_.size();
  for (size_t i = 0; i < count; ++i) {
    if (!closed_.contains((from + i) % count)) return (from + i) % count;
  }
  return from % count;
}

void TopicBatches::set_closed(int32_t partition, bool is_closed) {
  if (is_closed) {
    closed_.insert(static_cast<size_t>(partition));
  } else {
    closed_.erase(static_cast<size_t>(partition));
  }
  if (!partitions_.empty()) keyless_partition_ = open_partition(keyless_partition_);
}

std::vector<ReadyBatch> TopicBatches::take_closed(int32_t partition) {
  std::vector<ReadyBatch> taken;
  if (partition >= partition_count()) return taken;
  const size_t elsewhere = open_partition(keyless_partition_);
  const bool all_closed = closed_.contains(elsewhere);
  for (Batch& batch : std::exchange(partitions_[static_cast<size_t>(partition)], {})) {
    if (batch.is_bound || all_closed) {
      taken.push_back({{topic_, partition}, std::move(batch)});
    } else {
      insert(partitions_[elsewhere], std::move(batch));
    }
  }
  return taken;
}

void TopicBatches::put_back(int32_t partition, Batch batch) {
  insert(partitions_[static_cast<size_t>(partition)], std::move(batch));
}

void TopicBatches::take_ready(int64_t now_ms, int32_t linger_ms, bool hurry,
                              const HasRoom& has_room, std::vector<ReadyBatch>& ready) {
  for (size_t i = 0; i < partitions_.size(); ++i) {
    std::deque<Batch>& batches = partitions_[i];
    if (batches.empty()) continue;
    const Batch& first = batches.front();
    const bool due =
        hurry || batches.size() > 1 || is_full(first) || now_ms - first.opened_ms >= linger_ms;
    const TopicPartition id{topic_, static_cast<int32_t>(i)};
    if (!due || !has_room(id)) continue;
    if (batches.size() == 1 && i == keyless_partition_) keyless_partition_ = open_partition(i + 1);
    ready.push_back({id, std::move(batches.front())});
    batches.pop_front();
  }
}

int64_t TopicBatches::next_due_ms(int32_t linger_ms, const HasRoom& has_room) const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (size_t i = 0; i < partitions_.size(); ++i) {
    const std::deque<Batch>& batches = partitions_[i];
    if (batches.empty() || !has_room({topic_, static_cast<int32_t>(i)})) continue;
    const bool is_due = batches.size() > 1 || is_full(batches.front());
    due_ms = std::min(due_ms, is_due ? 0 : batches.front().opened_ms + linger_ms);
  }
  return due_ms;
}

void TopicBatches::take_older_than(int64_t before_ms, std::vector<ReadyBatch>& out) {
  while (!queued_.empty() && queued_.front().queued_ms < before_ms) {
    out.push_back({{topic_, -1}, batch_of(std::move(queued_.front()))});
    queued_.pop_front();
  }
  for (size_t i = 0; i < partitions_.size(); ++i) {
    std::deque<Batch>& batches = partitions_[i];
    while (!batches.empty() && batches.front().opened_ms < before_ms) {
      out.push_back({{topic_, static_cast<int32_t>(i)}, std::move(batches.front())});
      batches.pop_front();
    }
  }
}

void TopicBatches::take_refused(std::vector<ReadyBatch>& out) {
  for (ReadyBatch& refused : std::exchange(refused_, {})) out.push_back(std::move(refused));
}

uint64_t TopicBatches::oldest_ticket() const {
  uint64_t oldest = std::numeric_limits<uint64_t>::max();
  for (const ReadyBatch& refused : refused_) oldest = std::min(oldest, refused.batch.first_ticket);
  if (!queued_.empty()) oldest = std::min(oldest, queued_.front().ticket);
  for (const std::deque<Batch>& batches : partitions_) {
    if (!batches.empty()) oldest = std::min(oldest, batches.front().first_ticket);
  }
  return oldest;
}

}  // namespace hailstorm::log::hail
