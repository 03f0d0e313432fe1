#include "broker/groups/consumer_protocol.h"

#include "common/kafka/primitives.h"

namespace hailstorm::groups {

std::vector<std::string> subscribed_topics(std::string_view subscription) {
  kafka::Reader from(subscription);
  from.integer<int16_t>();  // the version: each begins in the same way
  const auto count = from.integer<int32_t>();
  std::vector<std::string> topics;
  for (int32_t i = 0; i < count && !from.failed(); ++i) topics.push_back(from.string());
  if (from.failed()) topics.clear();
  return topics;
}

std::vector<wire::TopicPartition> assigned_partitions(std::string_view assignment) {
  kafka::Reader from(assignment);
  from.integer<int16_t>();  // the version: each begins in the same way
  const auto topics = from.integer<int32_t>();
  std::vector<wire::TopicPartition> partitions;
  for (int32_t t = 0; t < topics && !from.failed(); ++t) {
    const std::string topic = from.string();
    const auto count = from.integer<int32_t>();
    for (int32_t p = 0; p < count && !from.failed(); ++p)
      partitions.push_back({topic, from.integer<int32_t>()});
  }
  if (from.failed()) partitions.clear();
  return partitions;
}

}  // namespace hailstorm::groups
