#pragma once

#include <cstdint>
#include <vector>

#include "common/wire/messages.h"

namespace hailstorm::broker {

/// The idempotent producers that a partition remembers.
struct ProducersRequest {
  using Reply = struct ProducersReply;
  static constexpr const char* kName = "describe_producers";

  wire::TopicPartition id;
};
struct ProducersReply {
  struct Producer {
    int64_t id = -1;
    int16_t epoch = -1;
    int32_t last_sequence = -1;
  };
  wire::Outcome outcome;
  std::vector<Producer> producers;
};

}  // namespace hailstorm::broker
