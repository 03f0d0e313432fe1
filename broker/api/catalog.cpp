#include "broker/api/catalog.h"

namespace hailstorm::broker {

Uuid Catalog::topic_id(const std::string& topic) const {
  const Topic* found = topics_.find(topic);
  return found == nullptr ? Uuid() : found->id;
}

int32_t Catalog::partition_count(const std::string& topic) const {
  const Topic* found = topics_.find(topic);
  return found == nullptr ? 0 : static_cast<int32_t>(found->partitions.size());
}

std::vector<std::string> Catalog::topics() const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_.topics()) names.push_back(name);
  return names;
}

std::optional<Catalog::Range> Catalog::range(const wire::TopicPartition& id) const {
  const Partition* partition = topics_.partition(id);
  if (partition == nullptr) return std::nullopt;
  return Range{partition->log_start_offset(), partition->high_watermark()};
}

}  // namespace hailstorm::broker
