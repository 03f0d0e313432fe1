#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "common/base/uuid.h"
#include "common/wire/error_code.h"

/// What many messages have. Each message lists its fields once, in the order in which they travel:
/// fields() gives references to them. New fields go to the end of a new protocol version.
namespace hailstorm::wire {

/// How a reply says that it failed: code none and an empty message when it did not.
struct Outcome {
  ErrorCode code = ErrorCode::none;
  std::string message;

  auto fields() { return std::tie(code, message); }
};

/// The reply to a request that could not be read: the beginning of every reply.
struct OutcomeOnly {
  Outcome outcome;

  auto fields() { return std::tie(outcome); }
};

/// A partition of the topic with that id. The zero id is of a sender that does not know it: then
/// it is the topic that has the name now. Two ids are two topics, also under one name.
struct TopicPartition {
  std::string topic;
  int32_t partition = 0;
  Uuid topic_id{};

  auto fields() { return std::tie(topic, partition, topic_id); }
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

/// The same partition of whatever topic has the name: a key where topics are known by name.
[[nodiscard]] inline TopicPartition by_name(const TopicPartition& id) {
  return {id.topic, id.partition};
}

}  // namespace hailstorm::wire
