#include "broker/groups/partition_owners.h"

namespace hailstorm::groups {

std::string PartitionOwners::owner(const wire::TopicPartition& id) const {
  const auto at = owners_.find(id);
  return at == owners_.end() ? std::string() : at->second;
}

}  // namespace hailstorm::groups
