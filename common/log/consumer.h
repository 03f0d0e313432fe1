#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/uuid.h"
#include "common/log/types.h"
#include "common/wire/record_batch.h"

namespace hailstorm::log {

struct ConsumedRecord {
  std::string topic;
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  Headers headers;
  Uuid topic_id{};
  /// Set: this is no record, and key, value and headers are empty.
  std::optional<Undecodable> undecodable{};

  [[nodiscard]] int64_t next_offset() const {
    return offset_after(offset, undecodable ? &*undecodable : nullptr);
  }
};

using HeaderView = wire::RecordHeaderView;

/// A record in the buffer that it came in; valid until the visit that showed it returns.
struct ConsumedView {
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  Uuid topic_id{};
  const Undecodable* undecodable = nullptr;  // as in ConsumedRecord
  std::span<const HeaderView> headers{};

  [[nodiscard]] int64_t next_offset() const { return offset_after(offset, undecodable); }
};
using RecordVisitor = std::function<void(const TopicPartition&, const ConsumedView&)>;

enum class OffsetReset { earliest, latest };

struct ConsumerOptions {
  std::string group;        // empty: no group; use assign()
  std::string instance_id;  // empty: dynamic member
  /// Where to start if nothing is committed, or the committed offset is gone. A partition that came
  /// after the group had subscribed to its topic is read from its start, whatever this says.
  OffsetReset reset = OffsetReset::earliest;
  int32_t max_poll_records = 2000;
  int32_t max_wait_ms = 500;
  /// The group assigns our partitions to others when no heartbeat came for so long.
  int32_t session_timeout_ms = 6000;
  /// After a longer gap between two polls the consumer leaves the group.
  int32_t max_poll_interval_ms = 60'000;
};

/// Called from inside poll(), before partitions are revoked and after they were assigned. The poll
/// waits for the commits that `revoked` leaves, up to a second beyond its own time.
struct RebalanceListener {
  std::function<void(const std::vector<TopicPartition>&)> revoked;
  std::function<void(const std::vector<TopicPartition>&)> assigned;
};

/// A consumer as its group knows it.
struct GroupMember {
  std::string id;     // empty: without a group
  int32_t epoch = 0;  // by the coordinator's last answer; 0: not in the group now
};

/// Reads records, alone (assign) or as a member of a group (subscribe). Heartbeats run by
/// themselves.
///
/// Thread safety: not safe, but for wake(). Destroying it leaves the group.
class Consumer {
 public:
  virtual ~Consumer() = default;

  /// Reads these topics as a member of the group. Without a name of a group poll() is refused.
  virtual void subscribe(std::vector<std::string> topics, RebalanceListener listener = {}) = 0;
  /// Moves subscribed partitions back, at most to these positions: each is read from there, or from
  /// where the group committed if that is older. The position of another topic id than the one that
  /// is read counts as 0. To be called from RebalanceListener::assigned.
  virtual void begin_no_later_than(const std::vector<Position>& positions) = 0;
  /// Reads exactly these, from these offsets on; no group.
  virtual void assign(std::vector<Position> positions) = 0;

  /// Up to max_poll_records records, in order within each partition; empty when none came within
  /// `timeout_ms`. Places that nobody can decode (Undecodable) are among them, in order. Errors:
  /// fenced (membership was lost: everything polled and not committed may be delivered to another;
  /// the next poll joins again), unknown_topic (without a group: a topic was deleted and made
  /// again; the next polls read the new one from its start), unavailable, corrupt, refused (not let
  /// into the group, or an option makes no sense), not_now (another process has the instance id;
  /// this one joins again when that is gone), storage_error (the broker's own partition with the
  /// groups' offsets is closed), closed.
  [[nodiscard]] virtual Result<std::vector<ConsumedRecord>> poll(int timeout_ms) = 0;

  /// As poll(), but shows each record where it lies and copies nothing. Gives how many it showed.
  /// `visit` must not call the consumer.
  [[nodiscard]] virtual Result<int64_t> poll(int timeout_ms, const RecordVisitor& visit) = 0;

  /// Commits these positions for the group and waits for the answer. Errors: fenced (they are not
  /// this member's any more), unknown_topic (the topic was deleted since), offset_out_of_range
  /// (beyond the end of the log); then none of them is committed.
  [[nodiscard]] virtual Status commit(const std::vector<Position>& positions) = 0;
  /// As commit(), but without waiting: one is under way at a time, and of those that wait after it
  /// each partition's newest position wins. The next poll() reports a failure.
  virtual void commit_soon(const std::vector<Position>& positions) = 0;

  [[nodiscard]] virtual std::vector<TopicPartition> assignment() const = 0;

  [[nodiscard]] virtual GroupMember member() const = 0;

  /// The assigned partitions that give no records now, as last reported. Reading goes on with the
  /// others, and with these by itself when they are open again.
  [[nodiscard]] virtual std::vector<ClosedPartition> closed_partitions() const = 0;

  /// The subscribed topics that do not exist, as last reported. The group waits for them to be
  /// made.
  [[nodiscard]] virtual std::vector<std::string> missing_topics() const = 0;

  /// The records between our positions and the ends of the log, of all assigned partitions, as last
  /// reported.
  [[nodiscard]] virtual int64_t lag() const = 0;

  /// Makes a poll() that waits return empty at once, and a commit() that waits return within a
  /// second. May be called from any thread.
  virtual void wake() = 0;
};

}  // namespace hailstorm::log
