#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/log/hailstorm/topic_batches.h"

namespace hailstorm::log::hail {

/// Gathers the records that callers send into batches until the sender takes them, and counts all
/// that are not acknowledged. Tickets count its records in the order of append().
///
/// Thread safety: safe.
class Accumulator {
 public:
  struct Options {
    int32_t linger_ms = 5;
    int32_t batch_bytes = 128 << 10;
    int64_t max_records = 10'000;        // unacknowledged
    size_t max_bytes = size_t{1} << 26;  // of the same
  };
  using HasRoom = TopicBatches::HasRoom;

  explicit Accumulator(Options options) : options_(options) {}

  struct Appended {
    size_t record_count = 0;
    bool has_room = true;  // false: too much is unacknowledged, and nothing was taken
    bool is_news = false;  // take_ready() may have something: the sender should look
  };
  /// `record` and `done` are moved from where the record was taken.
  [[nodiscard]] Appended append(const std::string& topic, Record&& record, DeliveryCallback&& done,
                                int64_t now_ms, int64_t wall_ms);
  /// As many of `records` as one batch takes, from the front. None is taken where the topic's
  /// partitions are not known or the first record has a key: those must go one by one.
  [[nodiscard]] Appended append(const std::string& topic, std::span<const RecordView> records,
                                const BatchCallback& done, int64_t now_ms, int64_t wall_ms);

  /// More records may be taken.
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] int64_t unacknowledged() const;
  /// Until as many end_flush(), batches are ready without lingering. Gives the last ticket.
  [[nodiscard]] uint64_t begin_flush();
  void end_flush();
  /// All records up to this ticket were acknowledged or failed.
  [[nodiscard]] bool is_acknowledged(uint64_t ticket) const;
  /// So many records were. `oldest_in_flight`: the oldest ticket that the sender still has.
  void acknowledge(int64_t record_count, size_t bytes, uint64_t oldest_in_flight);

  void set_partition_count(const std::string& topic, int32_t count, int64_t now_ms);
  [[nodiscard]] int32_t partition_count(const std::string& topic) const;  // 0: not known
  /// Of the topic; the options' bound holds as well.
  void set_max_batch_bytes(const std::string& topic, int32_t bytes);
  /// Records without a key go to a closed partition only where all are closed.
  void set_closed(const TopicPartition& id, bool is_closed);
  void open_all();
  /// Topics that have records waiting for their partition count.
  [[nodiscard]] std::vector<std::string> topics_unknown() const;

  /// What is due, in the order in which each partition's batches were opened; at most one of each.
  [[nodiscard]] std::vector<ReadyBatch> take_ready(int64_t now_ms, const HasRoom& has_room);
  /// When take_ready() may have more, if no record is added and no partition gets room; INT64_MAX:
  /// never.
  [[nodiscard]] int64_t next_due_ms(const HasRoom& has_room) const;

  /// Takes out what was opened before `before_ms`; of a topic without known partitions with
  /// partition -1.
  [[nodiscard]] std::vector<ReadyBatch> take_older_than(int64_t before_ms);
  /// Takes out what only this partition may have. Batches without keys go to one that is open,
  /// where there is one.
  [[nodiscard]] std::vector<ReadyBatch> take_closed(const TopicPartition& id);
  /// Takes a batch back that was taken out by take_ready().
  void put_back(const TopicPartition& id, Batch batch);
  /// Takes out all of one topic, and forgets it.
  [[nodiscard]] std::vector<ReadyBatch> take_topic(const std::string& topic);
  [[nodiscard]] std::vector<ReadyBatch> take_all();
  /// Records that named a partition that their topic does not have, each alone.
  [[nodiscard]] std::vector<ReadyBatch> take_refused();

 private:
  [[nodiscard]] bool has_room_locked() const;
  [[nodiscard]] TopicBatches& topic_locked(const std::string& name);

  const Options options_;
  mutable std::mutex mutex_;
  std::map<std::string, TopicBatches> topics_;  // protected by mutex_, as all that follows
  uint64_t last_ticket_ = 0;
  uint64_t oldest_unacknowledged_ = 0;  // a ticket, as of the last acknowledge()
  int64_t unacknowledged_ = 0;          // records
  size_t unacknowledged_bytes_ = 0;
  int flushing_ = 0;
};

}  // namespace hailstorm::log::hail
