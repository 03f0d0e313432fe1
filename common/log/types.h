#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/uuid.h"
#include "common/wire/limits.h"

/// What producers, consumers and administration have in common.
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
  closed,         // the producer or consumer was closed
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

struct Position {
  TopicPartition id;
  int64_t offset = 0;  // of the next record
  /// As the record or the Admin gave it, so that the position never counts for a topic that was
  /// made again under the name. Zero: of the topic that has the name now.
  Uuid topic_id{};
};

/// The most that key, value and headers of one record may have, each header with 10 bytes more.
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

/// A record in the caller's own bytes, which must remain live during the call that takes it.
struct RecordView {
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  int64_t timestamp_ms = -1;  // -1: now
};

/// Offsets that hold no record which anybody can decode, although nothing is damaged: a client
/// wrote nonsense into a batch with a right CRC, or the batch is of an unknown kind. A consumer
/// gives them to its caller in order and goes on after them.
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

}  // namespace hailstorm::log
