#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/log/hailstorm/batch.h"

namespace hailstorm::log::hail {

/// The memory that a record takes, about.
[[nodiscard]] size_t memory_bytes(const Record& record);
[[nodiscard]] size_t memory_bytes(const RecordView& record);

/// A record whose partition is not chosen yet.
struct QueuedRecord {
  Record record;
  DeliveryCallback done;
  uint64_t ticket = 0;
  int64_t queued_ms = 0;
};

/// A batch and the partition that it is for; -1: its topic's partitions are not known.
struct ReadyBatch {
  TopicPartition id;
  Batch batch;
};

/// One topic's records that were not sent: one open batch per partition, after those that are full.
/// Records wait as they are while the topic's partitions are not known.
///
/// Thread safety: not safe.
class TopicBatches {
 public:
  /// Whether a partition may be given another batch now; if not, its open one goes on growing.
  using HasRoom = std::function<bool(const TopicPartition&)>;

  /// `max_batch_bytes`: no batch of more than one record is larger.
  TopicBatches(std::string topic, int32_t max_batch_bytes)
      : topic_(std::move(topic)), batch_bytes_(static_cast<size_t>(max_batch_bytes)) {}

  [[nodiscard]] int32_t partition_count() const { return static_cast<int32_t>(partitions_.size()); }
  /// Records wait for the partitions to be known.
  [[nodiscard]] bool has_queued() const { return !queued_.empty(); }

  /// True: a batch was opened or became full, so that something may be due.
  [[nodiscard]] bool add(QueuedRecord record);

  struct Added {
    size_t record_count = 0;  // from the front
    bool is_news = false;     // as add() gives it
  };
  /// As many of `records` as one batch takes. None is taken while the topic's partitions are
  /// unknown, nor one that has a key: those go one by one.
  [[nodiscard]] Added add(std::span<const RecordView> records, const BatchCallback& done,
                          uint64_t first_ticket, int64_t now_ms, int64_t wall_ms);

  /// REQUIRES: count > 0. A topic never loses partitions: a smaller count is ignored.
  void set_partition_count(int32_t count, int64_t now_ms);
  void set_max_batch_bytes(int32_t bytes) { batch_bytes_ = static_cast<size_t>(bytes); }
  /// Records without a key go to a closed partition only where all are closed.
  void set_closed(int32_t partition, bool is_closed);
  void open_all() { closed_.clear(); }

  /// Moves at most one batch of each partition to `ready`: those that are full, have waited for
  /// `linger_ms`, or all with `hurry`.
  void take_ready(int64_t now_ms, int32_t linger_ms, bool hurry, const HasRoom& has_room,
                  std::vector<ReadyBatch>& ready);
  /// When take_ready() may have more; INT64_MAX: not before something else happens.
  [[nodiscard]] int64_t next_due_ms(int32_t linger_ms, const HasRoom& has_room) const;

  /// Takes out what was opened before `before_ms`.
  void take_older_than(int64_t before_ms, std::vector<ReadyBatch>& out);
  /// Takes out what only this partition may have. Batches without keys go to one that is open,
  /// where there is one.
  [[nodiscard]] std::vector<ReadyBatch> take_closed(int32_t partition);
  /// Takes a batch back that was taken out by take_ready().
  void put_back(int32_t partition, Batch batch);
  /// Records that named a partition that their topic does not have, each alone.
  void take_refused(std::vector<ReadyBatch>& out);

  /// Of the oldest record that is still here; UINT64_MAX: none.
  [[nodiscard]] uint64_t oldest_ticket() const;

 private:
  struct Open {
    Batch& batch;
    bool is_new = false;
  };
  [[nodiscard]] Open open_batch(size_t partition, size_t record_bytes, int64_t now_ms,
                                uint64_t ticket);
  [[nodiscard]] size_t open_partition(size_t from) const;
  [[nodiscard]] bool is_full(const Batch& batch) const;

  std::string topic_;
  size_t batch_bytes_;
  std::deque<QueuedRecord> queued_;            // only while `partitions_` is empty
  std::vector<std::deque<Batch>> partitions_;  // each: full ones, then the open one
  std::vector<ReadyBatch> refused_;
  size_t keyless_partition_ = 0;
  std::set<size_t> closed_;
};

}  // namespace hailstorm::log::hail
