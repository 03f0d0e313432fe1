#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "common/wire/api.h"
#include "common/wire/common_fields.h"
#include "common/wire/limits.h"

/// The messages about topics.
namespace hailstorm::wire {

enum class FlushPolicy : uint8_t { always = 0, interval = 1 };

/// What becomes of a topic's old records: retention drops whole segments by time and size,
/// compaction all but the last record of each key.
enum class CleanupPolicy : uint8_t { retention = 0, compaction = 1, both = 2 };

/// A topic's settings. The number of partitions may only grow; all others may be changed.
struct TopicConfig {
  int32_t partitions = 4;
  int64_t segment_bytes = int64_t{64} << 20;
  int64_t retention_ms = -1;     // -1: for ever
  int64_t retention_bytes = -1;  // per partition; -1: no limit
  int32_t max_batch_bytes = kMaxBatchBytes;
  FlushPolicy flush = FlushPolicy::always;
  int64_t flush_interval_ms = 1000;  // only with FlushPolicy::interval
  CleanupPolicy cleanup = CleanupPolicy::retention;

  [[nodiscard]] bool is_compacted() const { return cleanup != CleanupPolicy::retention; }
  [[nodiscard]] bool has_retention() const { return cleanup != CleanupPolicy::compaction; }

  // These do not travel with the others: AlterTopicRequest has them by their names.
  // With compaction: how long a record without a value is kept after its key's others.
  int64_t delete_retention_ms = int64_t{24} * 3600 * 1000;
  int32_t min_dirty_ppm = 500'000;    // of the bytes: compacted where so many are not compacted yet
  int64_t min_compaction_lag_ms = 0;  // younger records are left alone
  int64_t max_compaction_lag_ms = INT64_MAX;  // older ones are compacted whatever their part
  int64_t segment_ms = INT64_MAX;             // a segment that is so old gets no more batches
  std::vector<std::string> chosen{};  // Kafka's names of those that were given, whatever the value

  auto fields() {
    return std::tie(partitions, segment_bytes, retention_ms, retention_bytes, max_batch_bytes,
                    flush, flush_interval_ms, cleanup);
  }
  friend bool operator==(const TopicConfig&, const TopicConfig&) = default;
};

/// No topics: all of them.
struct MetadataRequest {
  using Reply = struct MetadataReply;
  static constexpr Api kApi = Api::metadata;

  std::vector<std::string> topics;

  auto fields() { return std::tie(topics); }
};
struct PartitionMetadata {
  int32_t partition = 0;
  Outcome outcome;  // not none: the partition failed closed, and why
  int64_t log_start_offset = 0;
  int64_t high_watermark = 0;
  int64_t log_end_offset = 0;
  int64_t size_bytes = 0;

  auto fields() {
    return std::tie(partition, outcome, log_start_offset, high_watermark, log_end_offset,
                    size_bytes);
  }
};
struct TopicMetadata {
  std::string name;
  Uuid topic_id{};
  Outcome outcome;
  TopicConfig config;
  std::vector<PartitionMetadata> partitions;

  auto fields() { return std::tie(name, outcome, config, partitions, topic_id); }
};
struct MetadataReply {
  Outcome outcome;
  std::vector<TopicMetadata> topics;

  auto fields() { return std::tie(outcome, topics); }
};

struct CreateTopicRequest {
  using Reply = struct CreateTopicReply;
  static constexpr Api kApi = Api::create_topic;

  std::string name;
  TopicConfig config;

  auto fields() { return std::tie(name, config); }
};
struct CreateTopicReply {
  Outcome outcome;
  Uuid topic_id{};

  auto fields() { return std::tie(outcome, topic_id); }
};
struct DeleteTopicRequest {
  using Reply = struct DeleteTopicReply;
  static constexpr Api kApi = Api::delete_topic;

  std::string name;

  auto fields() { return std::tie(name); }
};
struct DeleteTopicReply {
  Outcome outcome;

  auto fields() { return std::tie(outcome); }
};
struct CreatePartitionsRequest {
  using Reply = struct CreatePartitionsReply;
  static constexpr Api kApi = Api::create_partitions;

  std::string name;
  int32_t partitions = 0;  // the new total

  auto fields() { return std::tie(name, partitions); }
};
struct CreatePartitionsReply {
  Outcome outcome;

  auto fields() { return std::tie(outcome); }
};

/// Settings by Kafka's names for them.
struct AlteredSetting {
  std::string name;
  std::string value;
  bool is_default = false;  // back to its default: `value` does not count

  auto fields() { return std::tie(name, value, is_default); }
};
struct AlterTopicRequest {
  using Reply = struct AlterTopicReply;
  static constexpr Api kApi = Api::alter_topic;

  std::string name;
  std::vector<AlteredSetting> settings;
  bool resets_others = false;  // all that it does not name go back to their defaults
  bool validate_only = false;

  auto fields() { return std::tie(name, settings, resets_others, validate_only); }
};
struct AlterTopicReply {
  Outcome outcome;
  std::vector<AlteredSetting> settings;  // all of the topic, as they are now

  auto fields() { return std::tie(outcome, settings); }
};

}  // namespace hailstorm::wire
