#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "common/wire/api.h"
#include "common/wire/common_fields.h"

/// The messages that carry records in and out, and find them.
namespace hailstorm::wire {

enum class Acks : int8_t { leader = 1, all = -1 };
/// One batch (the message's second frame) for one partition.
struct ProduceRequest {
  using Reply = struct ProduceReply;
  static constexpr Api kApi = Api::produce;
  static constexpr bool kHasBatch = true;

  std::string topic;
  int32_t partition = 0;
  Acks acks = Acks::all;

  auto fields() { return std::tie(topic, partition, acks); }
};
struct ProduceReply {
  Outcome outcome;
  int64_t base_offset = -1;

  auto fields() { return std::tie(outcome, base_offset); }
};

struct FetchPartition {
  TopicPartition id;
  int64_t offset = 0;
  int32_t max_bytes = 1 << 20;  // a first batch larger than this is returned all the same

  auto fields() { return std::tie(id, offset, max_bytes); }
};
struct FetchRequest {
  using Reply = struct FetchReply;
  static constexpr Api kApi = Api::fetch;

  std::vector<FetchPartition> partitions;
  int32_t max_wait_ms = 500;
  int32_t min_bytes = 1;
  int32_t max_bytes = 4 << 20;

  auto fields() { return std::tie(partitions, max_wait_ms, min_bytes, max_bytes); }
};
struct FetchedPartition {
  TopicPartition id;
  Outcome outcome;
  int64_t high_watermark = -1;
  int64_t log_start_offset = -1;
  int32_t data_bytes = 0;  // > 0: the next unread data frame holds this partition's whole batches

  auto fields() { return std::tie(id, outcome, high_watermark, log_start_offset, data_bytes); }
};
struct FetchReply {
  Outcome outcome;
  std::vector<FetchedPartition> partitions;

  auto fields() { return std::tie(outcome, partitions); }
};

/// timestamp_ms: kLatest, kEarliest, kYoungest (the first record with the highest timestamp), or
/// the first record at or after that time.
inline constexpr int64_t kLatest = -1;
inline constexpr int64_t kEarliest = -2;
inline constexpr int64_t kYoungest = -3;
struct ListOffsetsRequest {
  using Reply = struct ListOffsetsReply;
  static constexpr Api kApi = Api::list_offsets;

  std::vector<TopicPartition> partitions;
  int64_t timestamp_ms = kLatest;

  auto fields() { return std::tie(partitions, timestamp_ms); }
};
struct ListedOffset {
  TopicPartition id;
  Outcome outcome;
  int64_t offset = -1;  // the high watermark where no record is that young
  int64_t timestamp_ms = -1;

  auto fields() { return std::tie(id, outcome, offset, timestamp_ms); }
};
struct ListOffsetsReply {
  Outcome outcome;
  std::vector<ListedOffset> offsets;

  auto fields() { return std::tie(outcome, offsets); }
};

/// The log begins at `before_offset` from now on: what is before is not read again, whether its
/// bytes are still there or not. -1: at the high watermark. An offset below the log's start changes
/// nothing.
struct DeleteRecordsRequest {
  using Reply = struct DeleteRecordsReply;
  static constexpr Api kApi = Api::delete_records;

  TopicPartition id;
  int64_t before_offset = -1;

  auto fields() { return std::tie(id, before_offset); }
};
struct DeleteRecordsReply {
  Outcome outcome;
  int64_t log_start_offset = -1;

  auto fields() { return std::tie(outcome, log_start_offset); }
};

/// producer_id -1: a new one. Else the same id with the next epoch, which fences the epoch given
/// (KIP-360).
struct InitProducerIdRequest {
  using Reply = struct InitProducerIdReply;
  static constexpr Api kApi = Api::init_producer_id;

  int64_t producer_id = -1;
  int16_t producer_epoch = -1;

  auto fields() { return std::tie(producer_id, producer_epoch); }
};
struct InitProducerIdReply {
  Outcome outcome;
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;

  auto fields() { return std::tie(outcome, producer_id, producer_epoch); }
};

}  // namespace hailstorm::wire
