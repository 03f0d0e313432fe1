#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/compression/codec.h"
#include "common/log/types.h"

namespace hailstorm::log {

struct ProducerOptions {
  static constexpr int32_t kMaxBatchBytes = 2 << 20;

  bool acks_all = true;
  int32_t linger_ms = 5;
  int32_t batch_bytes = 128 << 10;              // kMaxBatchBytes at most
  int64_t max_unacknowledged_records = 10'000;  // send() waits above it
  int32_t delivery_timeout_ms = 120'000;  // after it a record's outcome is reported as unknown
  // Of batches that it makes smaller; consumers need not know.
  compression::Codec compression = compression::Codec::none;
};

struct Delivery {
  TopicPartition id;
  int64_t offset = -1;
};
/// Called once per record, one at a time: from the producer's own thread, inside a send() or
/// flush() that waits, or while the producer is destroyed. It must return soon, must not call the
/// producer, and must not need a lock that such a caller holds.
using DeliveryCallback = std::function<void(const Result<Delivery>&)>;

/// As DeliveryCallback, but once for each batch that holds some of the records, with how many. The
/// offset is that of the first of them.
using BatchCallback = std::function<void(const Result<Delivery>&, int64_t record_count)>;

/// Sends records, idempotently and in order per partition; batches, retries and reconnects by
/// itself. A record for a partition that the broker has closed fails at once, with storage_error,
/// or unknown_outcome where it was sent before.
///
/// Thread safety: safe.
class Producer {
 public:
  virtual ~Producer() = default;

  /// Queues one record. Where it names no partition its key chooses one (murmur2); without a key,
  /// batches go round the partitions that are not closed. A record that names a partition which
  /// its topic does not have is reported as refused. Waits while too many records are
  /// unacknowledged. An error here means that it was not queued and that `done` will not be called.
  [[nodiscard]] virtual Status send(const std::string& topic, Record record,
                                    DeliveryCallback done) = 0;

  /// Queues many records at the price of few: their bytes are copied into the batch and nowhere
  /// else. Waits while too many records are unacknowledged, also between these. After an error only
  /// the records for which `done` is called were queued.
  [[nodiscard]] virtual Status send(const std::string& topic, std::span<const RecordView> records,
                                    const BatchCallback& done) = 0;

  /// Waits until the outcome of every record queued so far is known. Error unknown_outcome: it was
  /// not after `timeout_ms`.
  [[nodiscard]] virtual Status flush(int timeout_ms) = 0;

  /// The partition that a record with this key goes to; nothing while the topic is not known yet.
  [[nodiscard]] virtual std::optional<int32_t> partition_of(const std::string& topic,
                                                            std::string_view key) = 0;
};

}  // namespace hailstorm::log
