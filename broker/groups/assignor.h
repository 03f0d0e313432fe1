#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker/groups/holdings.h"

namespace hailstorm::groups {

struct AssignorInput {
  struct Member {
    std::vector<std::string> topics;  // sorted, each once
    Partitions previous;              // its last target
    std::string instance_id{};        // empty: dynamic
  };
  std::map<std::string, Member> members;      // by member id
  std::map<std::string, int32_t> partitions;  // how many, by topic; absent: no such topic
};

/// The partitions of each member, by member id:
/// every partition of a subscribed topic goes to exactly one member that subscribes to it;
/// no partition could move, alone or along a chain of members, to make loads more even;
/// with one subscription for all, loads differ by at most one, and as few partitions move as that
/// allows. The same input always gives the same result.
[[nodiscard]] std::map<std::string, Partitions> assign(const AssignorInput& input);

}  // namespace hailstorm::groups
