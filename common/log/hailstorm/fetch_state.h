#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/log/consumer.h"
#include "common/log/hailstorm/partition_fetch.h"
#include "common/log/hailstorm/transport.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// The partitions that a consumer reads, and the requests that they need. Knows neither sockets nor
/// threads.
///
/// Thread safety: not safe.
class FetchState {
 public:
  using Need = PartitionFetch::Need;

  /// The partitions of one request, each with its number when the request was made: an answer to an
  /// earlier number is dropped.
  using Requested = std::map<TopicPartition, uint64_t>;

  FetchState(OffsetReset reset, int32_t max_wait_ms) : reset_(reset), max_wait_ms_(max_wait_ms) {}

  /// Reads for a group, and begins where it committed.
  void add(const TopicPartition& id, const Uuid& topic_id);
  /// Reads without a group. When the topic is made again, reading goes on at its start.
  void add(const Position& position);
  /// A partition of a group begins there, or where the group committed if that is older. What was
  /// fetched beyond it is dropped. The position of another topic id counts as 0.
  void begin_no_later_than(const Position& position);
  void remove(const TopicPartition& id) { partitions_.erase(id); }
  void clear() { partitions_.clear(); }

  /// The partitions for which `need` must be requested now. They count as requested until one of
  /// the functions below has their answer.
  [[nodiscard]] Requested start_request(Need need, int64_t now_ms);
  /// When start_request() may have some after a pause; INT64_MAX: not before something else
  /// happens.
  [[nodiscard]] int64_t next_due_ms() const;

  [[nodiscard]] wire::FetchRequest fetch_request(const Requested& requested) const;
  [[nodiscard]] wire::OffsetFetchRequest committed_request(const std::string& group,
                                                           const Requested& requested) const;
  /// REQUIRES: `requested` is what start_request(need) gave; need is start or reset.
  [[nodiscard]] wire::ListOffsetsRequest begin_request(Need need, const Requested& requested) const;

  void on_committed(const Requested& requested, const wire::OffsetFetchReply& reply);
  void on_begin(const Requested& requested, const wire::ListOffsetsReply& reply, int64_t now_ms);
  /// Gives the first thing that a person must know, if any.
  [[nodiscard]] Status on_fetched(const Requested& requested, const wire::FetchReply& reply,
                                  std::vector<Frame> data, int64_t now_ms);
  /// There was no answer that helps: the requests are due again after a while.
  void on_failure(const Requested& requested, int64_t now_ms);
  /// All requests are due again at once.
  void on_connection_lost();

  [[nodiscard]] bool has_records() const;
  /// Shows up to `max` items, records or places that nobody can decode, going round the partitions,
  /// and gives how many there were. A partition that is corrupt does not keep the others back: its
  /// error is given when nothing else is there.
  [[nodiscard]] Result<size_t> take(size_t max, const RecordVisitor& visit);

  /// Of the topic as it is read; zero: not known, or not read.
  [[nodiscard]] Uuid topic_id(const TopicPartition& id) const;
  /// Partitions of which both the position and the end of the log are known.
  [[nodiscard]] std::vector<TopicPartition> known() const;
  [[nodiscard]] int64_t lag() const;
  /// Those that give no records now, with the reason; once all that was fetched of them is taken.
  [[nodiscard]] std::vector<ClosedPartition> closed() const;

 private:
  PartitionFetch& add_new(const TopicPartition& id);
  [[nodiscard]] wire::TopicPartition with_topic_id(const TopicPartition& id) const;
  /// Null: the partition was removed, or added again, since the request.
  [[nodiscard]] PartitionFetch* find(const Requested& requested, const TopicPartition& id);

  const OffsetReset reset_;
  const int32_t max_wait_ms_;
  std::map<TopicPartition, PartitionFetch> partitions_;
  TopicPartition last_taken_;
  uint64_t last_number_ = 0;
};

}  // namespace hailstorm::log::hail
