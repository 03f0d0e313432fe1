#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/log/hailstorm/connection.h"
#include "common/log/hailstorm/record_queue.h"
#include "common/log/log.h"
#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// What a consumer reads: for each partition where it is, what must be asked next to go on, and
/// what was fetched and not yet polled. Knows neither sockets nor threads.
///
/// Thread safety: not safe.
class FetchState {
 public:
  /// What must be known of a partition next. `committed`, `start` and `reset` find where to begin;
  /// `start` is where the log starts, whatever the reset rule.
  enum class Need { committed, start, reset, records };

  /// Partitions that were asked about in one request, each with the number that tells it from the
  /// same partition taken away and given again meanwhile.
  using Asked = std::map<TopicPartition, uint64_t>;

  explicit FetchState(OffsetReset reset, int32_t max_wait_ms)
      : reset_(reset), max_wait_ms_(max_wait_ms) {}

  /// Reads for a group, and begins where it committed.
  void add(const TopicPartition& id, const Uuid& topic_id);
  /// Reads without a group. When the topic is made again, reading goes on at its start.
  void add(const Position& position);
  /// A partition of a group begins there, or where the group committed if that is older. What was
  /// fetched beyond it is dropped. The position of another topic id counts as 0.
  void begin_no_later_than(const Position& position);
  void remove(const TopicPartition& id);
  void clear() { partitions_.clear(); }

  /// The partitions to ask `need` about now, which are then being asked about until one of the
  /// functions below says what came of it.
  [[nodiscard]] Asked ask(Need need, int64_t now_ms);
  /// When ask() may have some after a pause; INT64_MAX: not before something else happens.
  [[nodiscard]] int64_t next_due_ms() const;

  [[nodiscard]] wire::FetchRequest fetch_request(const Asked& asked) const;
  [[nodiscard]] wire::OffsetFetchRequest committed_request(const std::string& group,
                                                           const Asked& asked) const;
  /// REQUIRES: `asked` is what ask(need) gave; need is start or reset.
  [[nodiscard]] wire::ListOffsetsRequest begin_request(Need need, const Asked& asked) const;

  void committed(const Asked& asked, const wire::OffsetFetchReply& reply);
  void found(const Asked& asked, const wire::ListOffsetsReply& reply, int64_t now_ms);
  /// Gives the first thing that a person must know, if any.
  [[nodiscard]] Status fetched(const Asked& asked, const wire::FetchReply& reply,
                               std::vector<Frame> data, int64_t now_ms);
  /// There was no answer that helps: ask again after a while.
  void failed(const Asked& asked, int64_t now_ms);
  /// The connection was lost: ask everything again at once.
  void lost();

  [[nodiscard]] bool has_records() const;
  using Visitor = std::function<void(const TopicPartition&, const Uuid& topic_id,
                                     const wire::RecordView&, const Undecodable*)>;

  /// Shows up to `max` items, records or places that nobody can decode (as RecordQueue::take()),
  /// taking turns between partitions, and gives how many there were. A
  /// partition that is corrupt does not keep the others back: its error is given when nothing else
  /// is there.
  [[nodiscard]] Result<size_t> take(size_t max, const Visitor& visit);

  /// Of the topic as it is read; zero: not known, or not read.
  [[nodiscard]] Uuid topic_id(const TopicPartition& id) const;
  /// Partitions of which both our position and the end of the log are known.
  [[nodiscard]] std::vector<TopicPartition> known() const;
  [[nodiscard]] int64_t lag() const;
  /// Those that give no records now, with the reason; once all that was fetched of them is taken.
  [[nodiscard]] std::vector<ClosedPartition> closed() const;

 private:
  struct Partition {
    uint64_t number = 0;
    Uuid topic_id;                        // zero: not known yet
    bool in_group = false;                // the group says which topic it is, and where to begin
    std::optional<int64_t> latest_begin;  // of begin_no_later_than()
    Need need = Need::committed;
    bool asking = false;
    int64_t not_before_ms = 0;
    int64_t fetch_offset = 0;
    int64_t position = 0;
    int64_t high_watermark = -1;
    RecordQueue queue;
    std::string closed;       // why it gives no records now; empty: it does
    bool is_corrupt = false;  // what was fetched cannot be read
  };
  Partition& add_new(const TopicPartition& id);
  [[nodiscard]] wire::TopicPartition named(const TopicPartition& id) const;
  [[nodiscard]] Partition* find(const Asked& asked, const TopicPartition& id);
  void begin_at(Partition& partition, int64_t offset);
  static void close(Partition& partition, const Error& why, int64_t now_ms);
  [[nodiscard]] Status take_fetched(const TopicPartition& id, Partition& partition,
                                    const wire::FetchedPartition& fetched, Frame data,
                                    int64_t now_ms);
  [[nodiscard]] static bool is_made_again(const Partition& partition, const wire::Outcome& outcome);
  [[nodiscard]] static bool wants_more(const Partition& partition);

  const OffsetReset reset_;
  const int32_t max_wait_ms_;
  std::map<TopicPartition, Partition> partitions_;
  TopicPartition last_taken_;
  uint64_t last_number_ = 0;
};

}  // namespace hailstorm::log::hail
