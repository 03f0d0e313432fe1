#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hailstorm::fuzz {

/// Conversations of Kafka's clients with the broker, by name: the first inputs of kafka_connection.
[[nodiscard]] std::map<std::string, std::vector<uint8_t>> kafka_talks();

}  // namespace hailstorm::fuzz
