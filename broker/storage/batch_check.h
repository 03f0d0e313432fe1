#pragma once

#include <cstdint>
#include <string>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/wire/messages.h"
#include "common/wire/record_batch.h"

namespace hailstorm::storage {

/// A batch with a timestamp further ahead of the broker's clock is refused, as Kafka's default is
/// (message.timestamp.after.max.ms): it would keep its segment from retention by time.
inline constexpr int64_t kTimestampAheadMaxMs = int64_t{3600} * 1000;

/// The batch in `bytes`, if a producer may append it to the log in `folder`: it is whole and of at
/// most `max_batch_bytes`, all its records can be decoded and have keys where the topic is
/// compacted, and its times and its producer's fields agree with each other. Where it does not say
/// the time of its youngest record, that is put in. Errors: any wire::BatchErrc, invalid,
/// invalid_timestamp, too_large.
[[nodiscard]] Result<wire::RecordBatchView> check_producer_batch(MutableBytes bytes,
                                                                 const wire::TopicConfig& config,
                                                                 int64_t now_ms,
                                                                 const std::string& folder);

}  // namespace hailstorm::storage
