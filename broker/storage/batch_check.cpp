#include "broker/storage/batch_check.h"

#include <fmt/format.h>

#include "broker/storage/file_names.h"
#include "broker/storage/file_system.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {
namespace {

constexpr int64_t kNoTimestamp = -1;  // a record may have none

Error invalid(const std::string& why) { return Error(StorageErrc::invalid, why); }

/// Whether the times in the header are acceptable and agree with `times`, those of the records.
Status check_timestamps(const wire::RecordBatchView& batch, const wire::RecordTimes& times,
                        int64_t now_ms) {
  const int64_t first_ms = batch.base_timestamp_ms();
  const int64_t youngest_ms = batch.max_timestamp_ms();
  if (youngest_ms < kNoTimestamp)
    return Error(StorageErrc::invalid_timestamp,
                 fmt::format("timestamp {} is before 1970", youngest_ms));
  if (youngest_ms > now_ms + kTimestampAheadMaxMs)
    return Error(StorageErrc::invalid_timestamp,
                 fmt::format("timestamp {} is more than an hour ahead of the broker's clock, {}; "
                             "correct the clock that is wrong, or the record's time",
                             youngest_ms, now_ms));
  if (first_ms < kNoTimestamp || first_ms > youngest_ms)
    return invalid(
        fmt::format("first timestamp {} is before 1970 or after the batch's youngest, {}", first_ms,
                    youngest_ms));
  if (times.oldest_ms < kNoTimestamp)
    return invalid(fmt::format("a record's timestamp {} is before 1970", times.oldest_ms));
  // Retention and the time index use the header's.
  if (times.youngest_ms != youngest_ms)
    return invalid(
        fmt::format("the batch says that its youngest record is of {}, but that is of {}",
                    youngest_ms, times.youngest_ms));
  return {};
}

}  // namespace

Result<wire::RecordBatchView> check_producer_batch(MutableBytes bytes,
                                                   const wire::TopicConfig& config, int64_t now_ms,
                                                   const std::string& folder) {
  const int32_t max_batch_bytes = config.max_batch_bytes;
  if (bytes.size() > static_cast<size_t>(max_batch_bytes))
    return Error(StorageErrc::too_large,
                 fmt::format("a batch of {} bytes is too large for {}, which takes up to {} "
                             "(max_batch_bytes): send smaller records, or make the topic again "
                             "with a larger limit",
                             bytes.size(), file_names::last_part(folder), max_batch_bytes));
  HAIL_ASSIGN_OR_RETURN(const auto batch, wire::RecordBatchView::parse(bytes));
  if (batch.size_bytes() != bytes.size()) return invalid("bytes after the batch");
  if (!batch.is_dense())
    return Error(wire::BatchErrc::bad_counts,
                 fmt::format("record batch claims {} records and last offset delta {}",
                             batch.record_count(), batch.last_offset() - batch.base_offset()));
  if ((batch.attributes() & ~wire::batch_format::kCompressionMask) != 0)
    return invalid(fmt::format("attributes {}, of which a producer may set none but the codec",
                               batch.attributes()));
  // A record that cannot be decoded would stop every reader here, although the CRC is right.
  HAIL_ASSIGN_OR_RETURN(const wire::RecordTimes times, wire::check_records(batch));
  // Some of Kafka's clients leave it out, or say 0 where no record has a time. Kafka finds it, too.
  if (batch.max_timestamp_ms() == kNoTimestamp || times.youngest_ms == kNoTimestamp)
    wire::stamp_max_timestamp(bytes, times.youngest_ms);
  if (config.is_compacted() && !times.have_keys)
    return invalid(
        fmt::format("a record without a key, which {} does not take: compaction keeps "
                    "the last record of each key",
                    file_names::last_part(folder)));
  HAIL_RETURN_IF_ERROR(check_timestamps(batch, times, now_ms));
  const bool is_sequenced = batch.producer_id() >= 0;
  if (is_sequenced && (batch.producer_epoch() < 0 || batch.base_sequence() < 0))
    return invalid("a producer id without epoch or sequence");
  if (!is_sequenced && batch.base_sequence() >= 0) return invalid("a sequence without producer id");
  return batch;
}

}  // namespace hailstorm::storage
