#include "common/log/hailstorm/accumulator.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace hailstorm::log::hail {

TopicBatches& Accumulator::topic_locked(const std::string& name) {
  const auto found = topics_.find(name);
  if (found != topics_.end()) return found->second;
  return topics_.try_emplace(name, name, options_.batch_bytes).first->second;
}

bool Accumulator::has_room_locked() const {
  return unacknowledged_ < options_.max_records && unacknowledged_bytes_ < options_.max_bytes;
}

Accumulator::Appended Accumulator::append(const std::string& topic, Record&& record,
                                          DeliveryCallback&& done, int64_t now_ms,
                                          int64_t wall_ms) {
  const std::lock_guard lock(mutex_);
  if (!has_room_locked()) return {.has_room = false};
  if (record.timestamp_ms < 0) record.timestamp_ms = wall_ms;
  ++unacknowledged_;
  unacknowledged_bytes_ += memory_bytes(record);
  const bool is_news =
      topic_locked(topic).add({std::move(record), std::move(done), ++last_ticket_, now_ms});
  return {.record_count = 1, .is_news = is_news};
}

Accumulator::Appended Accumulator::append(const std::string& topic,
                                          std::span<const RecordView> records,
                                          const BatchCallback& done, int64_t now_ms,
                                          int64_t wall_ms) {
  const std::lock_guard lock(mutex_);
  if (!has_room_locked()) return {.has_room = false};
  const auto room = static_cast<size_t>(options_.max_records - unacknowledged_);
  const auto added = topic_locked(topic).add(records.first(std::min(room, records.size())), done,
                                             last_ticket_ + 1, now_ms, wall_ms);
  last_ticket_ += added.record_count;
  unacknowledged_ += static_cast<int64_t>(added.record_count);
  for (const RecordView& record : records.first(added.record_count))
    unacknowledged_bytes_ += memory_bytes(record);
  return {.record_count = added.record_count, .is_news = added.is_news};
}

bool Accumulator::has_room() const {
  const std::lock_guard lock(mutex_);
  return has_room_locked();
}

int64_t Accumulator::unacknowledged() const {
  const std::lock_guard lock(mutex_);
  return unacknowledged_;
}

uint64_t Accumulator::begin_flush() {
  const std::lock_guard lock(mutex_);
  ++flushing_;
  return last_ticket_;
}

void Accumulator::end_flush() {
  const std::lock_guard lock(mutex_);
  --flushing_;
}

bool Accumulator::is_acknowledged(uint64_t ticket) const {
  const std::lock_guard lock(mutex_);
  return unacknowledged_ == 0 || oldest_unacknowledged_ > ticket;
}

void Accumulator::acknowledge(int64_t record_count, size_t bytes, uint64_t oldest_in_flight) {
  const std::lock_guard lock(mutex_);
  unacknowledged_ -= record_count;
  unacknowledged_bytes_ -= bytes;
  oldest_unacknowledged_ = std::min(oldest_in_flight, last_ticket_ + 1);
  for (const auto& [name, topic] : topics_)
    oldest_unacknowledged_ = std::min(oldest_unacknowledged_, topic.oldest_ticket());
}

void Accumulator::set_partition_count(const std::string& topic, int32_t count, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  topic_locked(topic).set_partition_count(count, now_ms);
}

int32_t Accumulator::partition_count(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  return found == topics_.end() ? 0 : found->second.partition_count();
}

void Accumulator::set_max_batch_bytes(const std::string& topic, int32_t bytes) {
  const std::lock_guard lock(mutex_);
  topic_locked(topic).set_max_batch_bytes(std::min(options_.batch_bytes, bytes));
}

void Accumulator::set_closed(const TopicPartition& id, bool is_closed) {
  const std::lock_guard lock(mutex_);
  topic_locked(id.topic).set_closed(id.partition, is_closed);
}

void Accumulator::open_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, topic] : topics_) topic.open_all();
}

std::vector<std::string> Accumulator::topics_unknown() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_) {
    if (topic.has_queued()) names.push_back(name);
  }
  return names;
}

std::vector<ReadyBatch> Accumulator::take_ready(int64_t now_ms, const HasRoom& has_room) {
  const std::lock_guard lock(mutex_);
  std::vector<ReadyBatch> ready;
  for (auto& [name, topic] : topics_)
    topic.take_ready(now_ms, options_.linger_ms, flushing_ > 0, has_room, ready);
  return ready;
}

int64_t Accumulator::next_due_ms(const HasRoom& has_room) const {
  const std::lock_guard lock(mutex_);
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [name, topic] : topics_)
    due_ms = std::min(due_ms, topic.next_due_ms(options_.linger_ms, has_room));
  return due_ms;
}

std::vector<ReadyBatch> Accumulator::take_older_than(int64_t before_ms) {
  const std::lock_guard lock(mutex_);
  std::vector<ReadyBatch> taken;
  for (auto& [name, topic] : topics_) topic.take_older_than(before_ms, taken);
  return taken;
}

std::vector<ReadyBatch> Accumulator::take_closed(const TopicPartition& id) {
  const std::lock_guard lock(mutex_);
  const auto topic = topics_.find(id.topic);
  return topic == topics_.end() ? std::vector<ReadyBatch>()
                                : topic->second.take_closed(id.partition);
}

void Accumulator::put_back(const TopicPartition& id, Batch batch) {
  const std::lock_guard lock(mutex_);
  topic_locked(id.topic).put_back(id.partition, std::move(batch));
}

std::vector<ReadyBatch> Accumulator::take_topic(const std::string& topic) {
  const std::lock_guard lock(mutex_);
  std::vector<ReadyBatch> taken;
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return taken;
  found->second.take_older_than(std::numeric_limits<int64_t>::max(), taken);
  found->second.take_refused(taken);
  topics_.erase(found);
  return taken;
}

std::vector<ReadyBatch> Accumulator::take_refused() {
  const std::lock_guard lock(mutex_);
  std::vector<ReadyBatch> refused;
  for (auto& [name, topic] : topics_) topic.take_refused(refused);
  return refused;
}

std::vector<ReadyBatch> Accumulator::take_all() {
  std::vector<ReadyBatch> all = take_older_than(std::numeric_limits<int64_t>::max());
  for (ReadyBatch& refused : take_refused()) all.push_back(std::move(refused));
  return all;
}

}  // namespace hailstorm::log::hail
