#pragma once

#include "common/base/uuid.h"
#include "common/log/types.h"
#include "common/wire/common_fields.h"

/// A partition's name for services, and with its topic's id for the broker. Pure functions: safe
/// from any thread.
namespace hailstorm::log::hail {

[[nodiscard]] inline TopicPartition from_wire(const wire::TopicPartition& id) {
  return {id.topic, id.partition};
}
/// `topic_id` zero: of the topic that has the name now.
[[nodiscard]] inline wire::TopicPartition to_wire(const TopicPartition& id,
                                                  const Uuid& topic_id = {}) {
  return {id.topic, id.partition, topic_id};
}

}  // namespace hailstorm::log::hail
