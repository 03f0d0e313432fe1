#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/uuid.h"
#include "common/wire/limits.h"

/// What a service sees of the log, whatever engine is behind it. Each engine has a folder here.
namespace hailstorm::log {

enum class LogErrc {
  unavailable,      // no answer from the broker; try again
  not_now,          // the broker answered that it cannot now, and why; try again
  unknown_outcome,  // the request may or may not have taken effect (a timeout)
  unknown_topic,
  offset_out_of_range,
  fenced,         // another member owns it now, or this member was evicted; rejoin and go on
  refused,        // the broker said no for good; the message says why
  corrupt,        // damaged: a restored copy may have it whole
  undecodable,    // whole, and yet no record
  storage_error,  // the files that this needs are closed until the broker is started again
  closed,         // the producer or consumer was
};
[[nodiscard]] std::string_view name_of(LogErrc code);

struct TopicPartition {
  std::string topic;
  int32_t partition = 0;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

/// A partition whose records cannot be read, or that takes none: the broker closed it (damage, a
/// disk that fails) until it is started again, or what it gives is no batch.
struct ClosedPartition {
  TopicPartition id;
  std::string why;
};

/// What key, value and headers of one record may come to, with 10 bytes more for each header.
inline constexpr int64_t kMaxRecordBytes = wire::kMaxRecordBytes;

/// Names may repeat; a value may be null.
using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

struct Record {
  std::optional<std::string> key;
  std::optional<std::string> value;
  Headers headers;
  int64_t timestamp_ms = -1;  // -1: now
  int32_t partition = -1;     // -1: the key chooses it
};

/// Offsets that hold no record which anybody can decode, although nothing is damaged: a client lied
/// inside a batch with a right CRC, or the batch is of a kind that is not understood. A consumer
/// hands them on in order and goes on after them.
struct Undecodable {
  int64_t last_offset = 0;  // the first is that of the item which has this
  std::string why;
};

/// "offset 3 holds no record that can be decoded: WHY", for a place that begins at `first_offset`.
[[nodiscard]] std::string to_text(int64_t first_offset, const Undecodable& place);

/// The offset after a record, or after all those that an item without one stands for.
[[nodiscard]] inline int64_t offset_after(int64_t offset, const Undecodable* undecodable) {
  return (undecodable != nullptr ? undecodable->last_offset : offset) + 1;
}

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

struct Position {
  TopicPartition id;
  int64_t offset = 0;  // of the next record
  /// As the record or the Admin gave it, so that the position never counts for a topic that was
  /// made again under the name. Zero: of the topic that has the name now.
  Uuid topic_id{};
};

struct ProducerOptions {
  bool acks_all = true;
  int32_t linger_ms = 5;
  int32_t batch_bytes = 128 << 10;
  int64_t max_unacknowledged_records = 10'000;  // send() waits above it
  int32_t delivery_timeout_ms = 120'000;  // after it a record's outcome is reported as unknown
};

struct Delivery {
  TopicPartition id;
  int64_t offset = -1;
};
/// Called once per record, from the producer's own thread or inside a send() or flush() that waits,
/// one at a time; must return soon, must not call the producer, and must not need a lock that such
/// a caller holds.
using DeliveryCallback = std::function<void(const Result<Delivery>&)>;

/// A record of somebody else's bytes, which must remain live during the call that takes it.
struct RecordView {
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  int64_t timestamp_ms = -1;  // -1: now
};
/// As DeliveryCallback, but once for each batch that holds some of the records, with how many. The
/// offset is that of the first of them.
using BatchCallback = std::function<void(const Result<Delivery>&, int64_t record_count)>;

/// Sends records, idempotently and in order per partition; batches, retries and reconnects by
/// itself.
/// What is for a partition that the broker has closed fails at once, with storage_error, or
/// unknown_outcome where it was sent before.
///
/// Thread safety: safe.
class Producer {
 public:
  virtual ~Producer() = default;

  /// Queues one record. Where it names no partition its key chooses one (murmur2); without a key,
  /// batches go round the partitions that are not closed. One that names a partition which the
  /// topic does not have is reported as refused. Waits while too many records are unacknowledged.
  /// An error here means that it was not queued and that `done` will not be called.
  [[nodiscard]] virtual Status send(const std::string& topic, Record record,
                                    DeliveryCallback done) = 0;

  /// Queues many records at the price of few: their bytes are copied into the batch and nowhere
  /// else. Waits as long as too many records are unacknowledged, also between these. An error here
  /// means that none of those that `done` is not called for was queued.
  [[nodiscard]] virtual Status send(const std::string& topic, std::span<const RecordView> records,
                                    const BatchCallback& done) = 0;

  /// Until every record queued so far was answered for, or `timeout_ms` passed (error
  /// unknown_outcome).
  [[nodiscard]] virtual Status flush(int timeout_ms) = 0;

  /// The partition that a record with this key goes to; nothing while the topic is not known yet.
  [[nodiscard]] virtual std::optional<int32_t> partition_of(const std::string& topic,
                                                            std::string_view key) = 0;
};

/// A record in the buffer that it came in; valid until the visit that showed it returns.
struct ConsumedView {
  int64_t offset = 0;
  int64_t timestamp_ms = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  Uuid topic_id{};
  const Undecodable* undecodable = nullptr;  // as in ConsumedRecord

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
  int32_t session_timeout_ms = 6000;  // the group gives our partitions away after so long a silence
  /// After a longer gap between two polls the consumer leaves the group.
  int32_t max_poll_interval_ms = 60'000;
};

/// Called from inside poll(), before the partitions are given up or after they were received. What
/// `revoked` leaves to commit is waited for, up to a second beyond the poll's own time.
struct RebalanceListener {
  std::function<void(const std::vector<TopicPartition>&)> revoked;
  std::function<void(const std::vector<TopicPartition>&)> assigned;
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
  /// `timeout_ms`. Among them, in order, places that nobody can decode (Undecodable). Errors:
  /// fenced (membership was lost: everything polled and not committed may be delivered to another;
  /// the next poll rejoins), unknown_topic (without a group: a topic was deleted and made again;
  /// the next polls read the new one from its start), unavailable, corrupt, refused (not let into
  /// the group, or an option makes no sense), not_now (another process has the instance id; this
  /// one joins again when that is gone), storage_error (the broker's own partition with the groups'
  /// offsets is closed), closed.
  [[nodiscard]] virtual Result<std::vector<ConsumedRecord>> poll(int timeout_ms) = 0;

  /// As poll(), but shows each record where it lies and copies nothing. Gives how many it showed.
  /// `visit` must not call the consumer.
  [[nodiscard]] virtual Result<int64_t> poll(int timeout_ms, const RecordVisitor& visit) = 0;

  /// Commits these positions for the group and waits for the answer. Errors: fenced (they are not
  /// ours any more), unknown_topic (the topic was deleted since), offset_out_of_range (beyond the
  /// end of the log); then none of them is committed.
  [[nodiscard]] virtual Status commit(const std::vector<Position>& positions) = 0;
  /// As commit(), but without waiting: one is under way at a time, and of those that wait behind it
  /// each partition's newest position wins. A failure is told by the next poll().
  virtual void commit_soon(const std::vector<Position>& positions) = 0;

  [[nodiscard]] virtual std::vector<TopicPartition> assignment() const = 0;

  /// The assigned partitions that give no records now, as last heard. Reading goes on with the
  /// others, and with these by itself when they are open again.
  [[nodiscard]] virtual std::vector<ClosedPartition> closed_partitions() const = 0;

  /// The subscribed topics that do not exist, as last heard. The group waits for them to be made.
  [[nodiscard]] virtual std::vector<std::string> missing_topics() const = 0;

  /// Per assigned partition the records between our position and the end of the log, as last heard.
  [[nodiscard]] virtual int64_t lag() const = 0;

  /// Makes a poll() that waits return empty at once, and a commit() that waits return within a
  /// second. May be called from any thread.
  virtual void wake() = 0;
};

struct TopicSettings {
  int32_t partitions = 4;
  int64_t segment_bytes = int64_t{64} << 20;
  int64_t retention_ms = -1;
  int64_t retention_bytes = -1;
  bool flush_always = true;
  int64_t flush_interval_ms = 1000;
  int32_t max_batch_bytes = wire::kMaxBatchBytes;  // a record that needs more is refused
};

struct PartitionInfo {
  int32_t partition = 0;
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t size_bytes = 0;
  std::string error;       // not empty: it takes no writes now, and why
  bool is_closed = false;  // until the broker is started again
};
struct TopicInfo {
  std::string name;
  Uuid topic_id;  // for the life of the topic
  TopicSettings settings;
  std::vector<PartitionInfo> partitions;
};

struct GroupInfo {
  std::string group;
  std::string state;
  int32_t epoch = 0;
  int32_t member_count = 0;
};
struct GroupMemberInfo {
  std::string member_id;
  std::string instance_id;
  int32_t member_epoch = 0;
  std::vector<TopicPartition> assigned;
};
struct GroupPartitionInfo {
  TopicPartition id;
  int64_t committed_offset = -1;  // -1: none
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t lag = 0;
  std::string owner;
};
struct GroupDescription {
  GroupInfo info;
  std::vector<GroupMemberInfo> members;
  std::vector<GroupPartitionInfo> partitions;
};

struct FoundOffsets {
  std::vector<Position> positions;
  std::vector<ClosedPartition> closed;  // nothing is known of these
};

inline constexpr int64_t kLatest = -1;
inline constexpr int64_t kEarliest = -2;

/// Administration. Every call waits for its answer.
///
/// Thread safety: not safe.
class Admin {
 public:
  virtual ~Admin() = default;

  /// Making a topic that is there already, with whatever settings, is not an error: `created` is
  /// then false.
  [[nodiscard]] virtual Result<bool> create_topic(const std::string& name,
                                                  const TopicSettings& settings) = 0;
  [[nodiscard]] virtual Status delete_topic(const std::string& name) = 0;
  [[nodiscard]] virtual Status create_partitions(const std::string& name, int32_t total) = 0;
  /// No names: all topics.
  [[nodiscard]] virtual Result<std::vector<TopicInfo>> describe_topics(
      const std::vector<std::string>& names) = 0;
  /// timestamp_ms: kLatest, kEarliest, or a time: the first offset at or after it.
  [[nodiscard]] virtual Result<FoundOffsets> offsets_at(
      const std::vector<TopicPartition>& partitions, int64_t timestamp_ms) = 0;

  [[nodiscard]] virtual Result<std::vector<GroupInfo>> list_groups() = 0;
  [[nodiscard]] virtual Result<GroupDescription> describe_group(const std::string& group) = 0;
  /// Error refused: the group has live members.
  [[nodiscard]] virtual Status reset_offsets(const std::string& group,
                                             const std::vector<Position>& positions) = 0;
  [[nodiscard]] virtual Status delete_group(const std::string& group) = 0;
};

/// A connection to one log. Must remain live while what it made is in use.
///
/// Thread safety: safe.
class Engine {
 public:
  virtual ~Engine() = default;

  /// May be called while the broker is away: the parts wait for it and come good by themselves.
  [[nodiscard]] virtual std::unique_ptr<Producer> make_producer(ProducerOptions options = {}) = 0;
  [[nodiscard]] virtual std::unique_ptr<Consumer> make_consumer(ConsumerOptions options) = 0;
  /// `timeout_ms`: how long each call waits for the broker's answer.
  [[nodiscard]] virtual std::unique_ptr<Admin> make_admin(int timeout_ms = 5000) = 0;
};

/// The engine of a URL: "hailstorm://HOST:PORT". Error refused: a URL that is none, or of an
/// unknown engine.
[[nodiscard]] Result<std::unique_ptr<Engine>> open(const std::string& url);

}  // namespace hailstorm::log
