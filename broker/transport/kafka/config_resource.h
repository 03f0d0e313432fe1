#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/api/topic_configs.h"
#include "broker/transport/kafka/serve.h"

namespace hailstorm::broker {

/// Kafka's numbers for what has settings.
enum class ConfigResource : int8_t {
  topic = 2,
  broker = 4,
  broker_logger = 8,
  client_metrics = 16,
  group = 32,
};

/// None: the name is this broker's number, or empty: all brokers together.
[[nodiscard]] wire::Outcome check_broker_name(const std::string& name);

/// What is set at the start of this broker, and cannot be changed while it runs.
[[nodiscard]] std::vector<NamedConfig> broker_configs(const KafkaContext& context);

}  // namespace hailstorm::broker
