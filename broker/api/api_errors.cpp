#include "broker/api/api_errors.h"

#include <fmt/format.h>
#include <iterator>

#include "broker/storage/file_system.h"
#include "common/wire/record_batch.h"
#include "common/wire/topic_name.h"

namespace hailstorm::broker {
namespace {

using storage::StorageErrc;
using wire::BatchErrc;
using wire::ErrorCode;

ErrorCode code_of(StorageErrc code) {
  switch (code) {
    case StorageErrc::io:
    case StorageErrc::corrupt:
    case StorageErrc::stopped:
      return ErrorCode::storage_error;
    case StorageErrc::no_space:
      return ErrorCode::disk_full;
    case StorageErrc::out_of_resources:
      return ErrorCode::out_of_resources;
    case StorageErrc::not_found:
      return ErrorCode::unknown_topic_or_partition;
    case StorageErrc::already_exists:
      return ErrorCode::topic_already_exists;
    case StorageErrc::invalid:
      return ErrorCode::invalid_record;
    case StorageErrc::invalid_timestamp:
      return ErrorCode::invalid_timestamp;
    case StorageErrc::out_of_range:
      return ErrorCode::offset_out_of_range;
    case StorageErrc::out_of_order_sequence:
      return ErrorCode::out_of_order_sequence_number;
    case StorageErrc::duplicate_sequence:
      return ErrorCode::duplicate_sequence_number;
    case StorageErrc::fenced_producer:
      return ErrorCode::invalid_producer_epoch;
    case StorageErrc::unknown_producer:
      return ErrorCode::unknown_producer_id;
    case StorageErrc::too_large:
      return ErrorCode::message_too_large;
  }
  return ErrorCode::unknown_server_error;
}

ErrorCode code_of(BatchErrc code) {
  switch (code) {
    case BatchErrc::incomplete:
    case BatchErrc::bad_length:
    case BatchErrc::bad_crc:
      return ErrorCode::corrupt_message;
    case BatchErrc::unknown_codec:
      return ErrorCode::unsupported_compression_type;
    case BatchErrc::too_large:
      return ErrorCode::message_too_large;  // the client sends it in smaller batches
    case BatchErrc::bad_magic:
    case BatchErrc::bad_counts:
    case BatchErrc::control:
    case BatchErrc::bad_record:
      return ErrorCode::invalid_record;
  }
  return ErrorCode::unknown_server_error;
}

}  // namespace

wire::Outcome outcome_of(const Error& error) {
  if (const auto storage = error.as<StorageErrc>()) return {code_of(*storage), error.message()};
  if (const auto batch = error.as<BatchErrc>()) return {code_of(*batch), error.message()};
  return {ErrorCode::unknown_server_error, error.message()};
}

wire::Outcome unknown_topic(const std::string& topic) {
  return {ErrorCode::unknown_topic_or_partition,
          fmt::format("topic '{}' does not exist; create it first", topic)};
}

wire::Outcome another_topic(const std::string& topic) {
  return {
      ErrorCode::unknown_topic_id,
      fmt::format("topic '{}' was deleted and another one has its name now; forget the offsets of "
                  "the old one and begin to read the new one",
                  topic)};
}

wire::Outcome why_no_partition(TopicStore& topics, const wire::TopicPartition& id) {
  const Topic* topic = topics.find(id.topic);
  if (topic == nullptr) return unknown_topic(id.topic);
  if (!id.topic_id.is_zero() && id.topic_id != topic->id) return another_topic(id.topic);
  if (id.partition < 0 || id.partition >= std::ssize(topic->partitions)) {
    return {ErrorCode::unknown_topic_or_partition,
            fmt::format("topic '{}' has no partition {}", id.topic, id.partition)};
  }
  const auto& why = topic->partitions[static_cast<size_t>(id.partition)]->open_error();
  return {ErrorCode::storage_error, why ? why->message() : "the partition is not open"};
}

std::optional<wire::Outcome> why_stopped(const Partition& partition) {
  const auto failure = partition.failure();
  if (!failure || storage::may_pass(*failure)) return std::nullopt;
  return wire::Outcome{
      ErrorCode::storage_error,
      "it takes no more records, and gives those that are durable: " + failure->message()};
}

bool is_internal(const std::string& topic) { return wire::is_internal_topic(topic); }

}  // namespace hailstorm::broker
