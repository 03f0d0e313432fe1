#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/log/consumer.h"
#include "common/log/hailstorm/record_queue.h"
#include "common/log/hailstorm/transport.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// One partition that a consumer reads: where it is, what must be requested next to go on, and what
/// was fetched and not polled yet. Knows neither sockets nor threads.
///
/// Thread safety: not safe.
class PartitionFetch {
 public:
  /// What must be known of the partition next. `committed`, `start` and `reset` find where to
  /// begin; `start` is where the log starts, whatever the reset rule.
  enum class Need { committed, start, reset, records };

  /// `number`: another one when the same partition is revoked and assigned again.
  explicit PartitionFetch(uint64_t number) : number_(number) {}

  /// The group says which topic it is, and where to begin.
  void read_for_group(const Uuid& topic_id);
  void begin_at(int64_t offset);
  /// Begins there, or at the group's commit if that is older. What was fetched beyond it is
  /// dropped; requests under way are for the number before `number`.
  void begin_no_later_than(const Position& position, OffsetReset reset, uint64_t number);
  void set_topic_id(const Uuid& topic_id) { topic_id_ = topic_id; }

  [[nodiscard]] bool is_due(Need need, int64_t now_ms) const;
  /// When is_due() may be true; INT64_MAX: not before something else happens.
  [[nodiscard]] int64_t next_due_ms() const;
  void set_requested() { is_requested_ = true; }

  /// `offset`: as in CommittedOffset.
  void on_committed(int64_t offset, OffsetReset reset);
  void on_begin(const wire::ListedOffset& listed, int64_t now_ms);
  /// Gives what a person must know, if anything.
  [[nodiscard]] Status on_fetched(const wire::FetchedPartition& fetched, Frame data,
                                  int64_t now_ms);
  /// There was no answer that helps: the request is due again after a pause.
  void on_failure(int64_t now_ms);
  /// All requests are due again at once.
  void on_connection_lost();

  /// As RecordQueue::take(), from the partition's position on.
  [[nodiscard]] Result<size_t> take(const TopicPartition& id, size_t max,
                                    const RecordQueue::Visitor& visit);
  [[nodiscard]] bool has_records() const { return !queue_.empty(); }

  [[nodiscard]] uint64_t number() const { return number_; }
  [[nodiscard]] const Uuid& topic_id() const { return topic_id_; }  // zero: not known yet
  [[nodiscard]] bool is_in_group() const { return is_in_group_; }
  [[nodiscard]] int64_t fetch_offset() const { return fetch_offset_; }
  [[nodiscard]] bool knows_end() const { return high_watermark_ >= 0; }
  [[nodiscard]] int64_t lag() const;
  /// Why it gives no records now; empty: it does, or has some left.
  [[nodiscard]] std::string closed_reason() const;

 private:
  [[nodiscard]] bool wants_more() const;
  [[nodiscard]] Status on_fetch_error(const wire::FetchedPartition& fetched, int64_t now_ms);
  void close(const Error& why, int64_t now_ms);
  [[nodiscard]] bool is_made_again(const wire::Outcome& outcome) const;

  uint64_t number_;
  Uuid topic_id_;
  bool is_in_group_ = false;
  std::optional<int64_t> latest_begin_;  // of begin_no_later_than()
  Need need_ = Need::committed;
  bool is_requested_ = false;
  int64_t not_before_ms_ = 0;
  int64_t fetch_offset_ = 0;
  int64_t position_ = 0;
  int64_t high_watermark_ = -1;
  RecordQueue queue_;
  std::string closed_;       // why it gives no records now; empty: it does
  bool is_corrupt_ = false;  // what was fetched cannot be read
};

}  // namespace hailstorm::log::hail
