#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

#include "broker/storage/appended.h"
#include "broker/storage/file_system.h"
#include "common/base/result.h"
#include "common/wire/record_batch.h"

namespace hailstorm::storage {

/// Producer id, epoch, sequences and offsets of a batch.
struct Sequenced {
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;
  int32_t first_sequence = -1;
  int32_t last_sequence = -1;  // wraps INT32_MAX -> 0
  int64_t base_offset = 0;
  int64_t last_offset = 0;

  [[nodiscard]] static Sequenced of(const wire::RecordBatchView& batch) noexcept;
};

/// The idempotent producers of one partition: the epoch and the last five batches of each.
///
/// Their number is bounded. Above `max_producers` the producer that has been silent for longest is
/// forgotten; likewise when all partitions of this process have kMaxProducers together and this one
/// has more than kOwnProducers. An unknown producer must start at sequence 0, unless its state may
/// have been lost: something was forgotten, or retention dropped the start of the log.
///
/// Times are of a clock that cannot jump. Otherwise setting the wall clock could make it forget a
/// producer that is just sending a batch again.
///
/// Thread safety: not safe.
class ProducerState {
 public:
  static constexpr size_t kRemembered = 5;
  static constexpr size_t kMaxProducers = 65'536;  // each takes about 270 bytes
  static constexpr size_t kOwnProducers = 16;      // each partition may keep so many
  static constexpr int64_t kExpiryMs = int64_t{7} * 24 * 3600 * 1000;

  explicit ProducerState(size_t max_producers = kMaxProducers) : max_producers_(max_producers) {}
  ~ProducerState();
  ProducerState(ProducerState&& other) noexcept;
  ProducerState& operator=(ProducerState&& other) noexcept;

  /// How many producers all partitions of this process remember.
  [[nodiscard]] static size_t count_in_process() noexcept;

  struct Batch {
    int32_t first_sequence;
    int32_t last_sequence;
    int64_t base_offset;
    int64_t last_offset;
  };
  struct Producer {
    int64_t id = -1;
    int16_t epoch = -1;
    int64_t last_write_ms = 0;  // in this process
    uint8_t batch_count = 0;
    Batch batches[kRemembered] = {};  // oldest first
  };

  /// Gives nothing where the batch is the next one, and its offsets where it was written before.
  /// Errors: fenced_producer, out_of_order_sequence, duplicate_sequence, unknown_producer. Changes
  /// nothing.
  [[nodiscard]] Result<std::optional<Appended>> check(const Sequenced& batch,
                                                      bool start_was_dropped) const;
  /// To be called after the batch was written.
  void record(const Sequenced& batch, int64_t now_ms);
  void fence(int64_t producer_id, int16_t below_epoch, int64_t now_ms);
  void expire(int64_t silent_since_ms);

  [[nodiscard]] int64_t highest_id() const noexcept;  // -1: none
  [[nodiscard]] size_t size() const noexcept { return by_id_.size(); }
  /// The one that has been silent for longest comes first.
  [[nodiscard]] const std::list<Producer>& producers() const noexcept { return producers_; }
  [[nodiscard]] bool has_forgotten() const noexcept { return has_forgotten_; }
  /// Takes over what a checkpoint held, in the order of producers(), as if it had just written.
  void restore(const Producer& producer, int64_t now_ms);
  void restore_has_forgotten() noexcept { has_forgotten_ = true; }

 private:
  Producer& touch(int64_t producer_id, int64_t now_ms);
  void forget_oldest();
  [[nodiscard]] bool is_full() const noexcept;

  size_t max_producers_;
  bool has_forgotten_ = false;
  std::list<Producer> producers_;
  std::unordered_map<int64_t, std::list<Producer>::iterator> by_id_;
};

}  // namespace hailstorm::storage
