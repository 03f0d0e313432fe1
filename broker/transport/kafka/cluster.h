#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/transport/kafka/kafka_call.h"
#include "common/base/address.h"

namespace hailstorm::broker {

/// This broker as a cluster of one, as clients see it.
///
/// Thread safety: a value; distinct objects may be used from distinct threads.
struct KafkaCluster {
  static constexpr int32_t kNodeId = 1;

  std::string id;                     // for the life of the data folder
  std::optional<Address> advertised;  // nothing: the one under which a client came
  int32_t new_topic_partitions = 4;
  bool creates_topics = true;  // when a client asks for one that is not there

  [[nodiscard]] Address address_for(const KafkaCall& call) const {
    return advertised ? *advertised : call.sink().local_address(call.session());
  }
};

}  // namespace hailstorm::broker
