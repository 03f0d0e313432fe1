#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/log/hailstorm/batch.h"
#include "common/log/log.h"

namespace hailstorm::log::hail {

/// The memory that a record takes, about.
[[nodiscard]] size_t size_of(const Record& record);
[[nodiscard]] size_t size_of(const RecordView& record);

/// Gathers records into one open batch per partition until it is full or has waited long enough.
/// Records of a topic whose partitions are not known yet wait as they are.
///
/// Thread safety: not safe.
class Accumulator {
 public:
  struct Options {
    int32_t linger_ms = 5;
    int32_t batch_bytes = 128 << 10;
  };
  struct Ready {
    TopicPartition id;
    Batch batch;
  };
  /// Whether a partition may be given another batch now; if not, its open one goes on growing.
  using HasRoom = std::function<bool(const TopicPartition&)>;

  explicit Accumulator(Options options) : options_(options) {}

  /// True: there is something new for take_ready() to look at, so its caller should be woken.
  [[nodiscard]] bool append(const std::string& topic, Record record, DeliveryCallback done,
                            int64_t now_ms, int64_t wall_ms);
  /// As many of `records` as one batch takes, from the front; gives how many in `taken`. Nothing is
  /// taken while the topic's partitions are unknown, or where the record has a key: those go one
  /// by one.
  [[nodiscard]] bool append(const std::string& topic, std::span<const RecordView> records,
                            const BatchCallback& done, int64_t now_ms, int64_t wall_ms,
                            size_t& taken);

  /// The topic's partitions, from now on; REQUIRES: count > 0, and never less than before.
  void set_partition_count(const std::string& topic, int32_t count, int64_t now_ms);
  [[nodiscard]] int32_t partition_count(const std::string& topic) const;  // 0: not known
  /// No batch of more than one record is larger.
  void set_max_batch_bytes(const std::string& topic, int32_t bytes);
  /// Records without a key go to a closed partition only where all are closed.
  void set_closed(const TopicPartition& id, bool is_closed);
  void open_all();
  /// Topics that have records waiting for their partition count.
  [[nodiscard]] std::vector<std::string> topics_unknown() const;

  /// What is due, in the order in which each partition's batches were opened. `hurry`: whatever is
  /// there.
  [[nodiscard]] std::vector<Ready> take_ready(int64_t now_ms, bool hurry, const HasRoom& has_room);
  /// When take_ready() may have more, if no record is added and no partition gets room; INT64_MAX:
  /// never.
  [[nodiscard]] int64_t next_due_ms(const HasRoom& has_room) const;

  /// Takes out what was opened before `before_ms`; of a topic without known partitions with
  /// partition -1.
  [[nodiscard]] std::vector<Ready> take_older_than(int64_t before_ms);
  /// Takes out what only this partition may have. Batches without keys go to one that is open,
  /// where there is one.
  [[nodiscard]] std::vector<Ready> take_closed(const TopicPartition& id);
  /// Takes a batch back that was taken out by take_ready().
  void put_back(const TopicPartition& id, Batch batch);
  /// Takes out all of one topic.
  [[nodiscard]] std::vector<Ready> take_topic(const std::string& topic);
  [[nodiscard]] std::vector<Ready> take_all();
  /// Records that named a partition that their topic does not have, each alone.
  [[nodiscard]] std::vector<Ready> take_refused();

  /// The ticket of the last record, and of the oldest one that is still here (UINT64_MAX: none).
  [[nodiscard]] uint64_t last_ticket() const { return last_ticket_; }
  [[nodiscard]] uint64_t oldest_ticket() const;

 private:
  struct Waiting {
    Record record;
    DeliveryCallback done;
    uint64_t ticket = 0;
    int64_t queued_ms = 0;
  };
  struct Topic {
    std::deque<Waiting> waiting;                // only while `partitions` is empty
    std::vector<std::deque<Batch>> partitions;  // each: closed ones, then the open one
    size_t batch_bytes = 0;                     // what a batch of several records may have
    size_t keyless_partition = 0;
    std::set<size_t> closed;
  };
  [[nodiscard]] static size_t open_partition(const Topic& topic, size_t from);
  static void insert(std::deque<Batch>& batches, Batch batch);
  bool add(const std::string& name, Topic& topic, Waiting waiting);
  [[nodiscard]] static Batch batch_of(Waiting waiting);
  [[nodiscard]] Topic& topic_of(const std::string& name);
  [[nodiscard]] static Batch& open_batch(Topic& topic, size_t partition, size_t record_bytes,
                                         int64_t now_ms, uint64_t ticket, bool& opened);
  [[nodiscard]] static bool is_full(const Topic& topic, const Batch& batch);
  static void take_topic(const std::string& name, Topic& topic, int64_t before_ms,
                         std::vector<Ready>& out);

  Options options_;
  std::map<std::string, Topic> topics_;
  std::vector<Ready> refused_;
  uint64_t last_ticket_ = 0;
};

}  // namespace hailstorm::log::hail
