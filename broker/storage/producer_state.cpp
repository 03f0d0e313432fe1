#include "broker/storage/producer_state.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace hailstorm::storage {
namespace {

constexpr int64_t kSequences = int64_t{std::numeric_limits<int32_t>::max()} + 1;

int32_t next_sequence(int32_t sequence) noexcept {
  return sequence == std::numeric_limits<int32_t>::max() ? 0 : sequence + 1;
}

/// True when `sequence` comes before `next` on the circle of sequences, by less than half of it.
bool is_older(int32_t sequence, int32_t next) noexcept {
  const int64_t back = (int64_t{next} - sequence + kSequences) % kSequences;
  return back > 0 && back < kSequences / 2;
}

// Logs are opened by several threads.
std::atomic<size_t> producers_in_process = 0;

Error refuse(StorageErrc code, const Sequenced& batch, const std::string& why) {
  return Error(code,
               fmt::format("producer {} epoch {}, sequences {} to {}: {}", batch.producer_id,
                           batch.producer_epoch, batch.first_sequence, batch.last_sequence, why));
}

Result<std::optional<Appended>> check_next(const ProducerState::Producer& known,
                                           const Sequenced& batch) {
  const auto* const begin = known.batches;
  const auto* const end = begin + known.batch_count;
  const auto* const same = std::find_if(begin, end, [&](const ProducerState::Batch& b) {
    return b.first_sequence == batch.first_sequence && b.last_sequence == batch.last_sequence;
  });
  if (same != end)
    return std::optional<Appended>(Appended{same->base_offset, same->last_offset, true});
  const int32_t expected = begin == end ? 0 : next_sequence((end - 1)->last_sequence);
  if (batch.first_sequence == expected) return std::optional<Appended>();
  if (begin != end && is_older(batch.last_sequence, begin->first_sequence))
    return refuse(StorageErrc::duplicate_sequence, batch,
                  "written before the batches that are remembered");
  return refuse(StorageErrc::out_of_order_sequence, batch,
                fmt::format("expected sequence {}", expected));
}

}  // namespace

Sequenced Sequenced::of(const wire::RecordBatchView& batch) noexcept {
  return {batch.producer_id(),   batch.producer_epoch(), batch.base_sequence(),
          batch.last_sequence(), batch.base_offset(),    batch.last_offset()};
}

Result<std::optional<Appended>> ProducerState::check(const Sequenced& batch,
                                                     bool start_was_dropped) const {
  const auto found = by_id_.find(batch.producer_id);
  if (found == by_id_.end()) {
    if (batch.first_sequence == 0 || start_was_dropped || has_forgotten_)
      return std::optional<Appended>();
    return refuse(StorageErrc::unknown_producer, batch,
                  "this partition knows no batch of this producer, so it must start at sequence 0");
  }
  const Producer& known = *found->second;
  if (batch.producer_epoch < known.epoch)
    return refuse(StorageErrc::fenced_producer, batch,
                  fmt::format("a producer with epoch {} took its place", known.epoch));
  if (batch.producer_epoch == known.epoch) return check_next(known, batch);
  if (batch.first_sequence == 0) return std::optional<Appended>();
  return refuse(StorageErrc::out_of_order_sequence, batch, "a new epoch must start at sequence 0");
}

ProducerState::~ProducerState() { producers_in_process -= by_id_.size(); }

ProducerState::ProducerState(ProducerState&& other) noexcept
    : max_producers_(other.max_producers_),
      has_forgotten_(other.has_forgotten_),
      producers_(std::exchange(other.producers_, {})),
      by_id_(std::exchange(other.by_id_, {})) {}

ProducerState& ProducerState::operator=(ProducerState&& other) noexcept {
  std::swap(max_producers_, other.max_producers_);
  std::swap(has_forgotten_, other.has_forgotten_);
  producers_.swap(other.producers_);
  by_id_.swap(other.by_id_);
  return *this;
}

size_t ProducerState::count_in_process() noexcept { return producers_in_process; }

bool ProducerState::is_full() const noexcept {
  if (by_id_.size() >= max_producers_) return true;
  return by_id_.size() >= kOwnProducers && producers_in_process >= kMaxProducers;
}

ProducerState::Producer& ProducerState::touch(int64_t producer_id, int64_t now_ms) {
  const auto found = by_id_.find(producer_id);
  if (found != by_id_.end()) {
    producers_.splice(producers_.end(), producers_, found->second);
  } else {
    if (is_full()) forget_oldest();
    ++producers_in_process;
    producers_.push_back({});
    producers_.back().id = producer_id;
    by_id_[producer_id] = std::prev(producers_.end());
  }
  Producer& producer = producers_.back();
  producer.last_write_ms = now_ms;
  return producer;
}

void ProducerState::record(const Sequenced& batch, int64_t now_ms) {
  Producer& producer = touch(batch.producer_id, now_ms);
  if (producer.epoch != batch.producer_epoch) {
    producer.epoch = batch.producer_epoch;
    producer.batch_count = 0;
  }
  if (producer.batch_count == kRemembered) {
    std::move(producer.batches + 1, producer.batches + kRemembered, producer.batches);
    --producer.batch_count;
  }
  producer.batches[producer.batch_count++] = {batch.first_sequence, batch.last_sequence,
                                              batch.base_offset, batch.last_offset};
}

void ProducerState::fence(int64_t producer_id, int16_t below_epoch, int64_t now_ms) {
  const auto found = by_id_.find(producer_id);
  if (found != by_id_.end() && found->second->epoch >= below_epoch) return;
  Producer& producer = touch(producer_id, now_ms);
  producer.epoch = below_epoch;
  producer.batch_count = 0;
}

int64_t ProducerState::highest_id() const noexcept {
  int64_t highest = -1;
  for (const Producer& producer : producers_) highest = std::max(highest, producer.id);
  return highest;
}

void ProducerState::expire(int64_t silent_since_ms) {
  while (!producers_.empty() && producers_.front().last_write_ms < silent_since_ms) forget_oldest();
}

void ProducerState::restore(const Producer& producer, int64_t now_ms) {
  Producer& restored = touch(producer.id, now_ms);
  restored = producer;
  restored.last_write_ms = now_ms;
}

void ProducerState::forget_oldest() {
  by_id_.erase(producers_.front().id);
  producers_.pop_front();
  --producers_in_process;
  has_forgotten_ = true;
}

}  // namespace hailstorm::storage
