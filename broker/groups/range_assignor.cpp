#include "broker/groups/range_assignor.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hailstorm::groups {
namespace {

struct Subscriber {
  bool is_dynamic = false;
  std::string name;  // the instance id of a static member, which outlives its member id
  std::string member_id;
  friend auto operator<=>(const Subscriber&, const Subscriber&) = default;
};

std::vector<Subscriber> subscribers_of(const AssignorInput& input, const std::string& topic) {
  std::vector<Subscriber> subscribers;
  for (const auto& [id, member] : input.members) {
    if (!std::binary_search(member.topics.begin(), member.topics.end(), topic)) continue;
    const bool is_dynamic = member.instance_id.empty();
    subscribers.push_back({is_dynamic, is_dynamic ? id : member.instance_id, id});
  }
  std::sort(subscribers.begin(), subscribers.end());
  return subscribers;
}

}  // namespace

std::map<std::string, Partitions> assign_ranges(const AssignorInput& input) {
  std::map<std::string, Partitions> assignment;
  for (const auto& [id, member] : input.members) assignment[id];
  for (const auto& [topic, partitions] : input.partitions) {
    const auto subscribers = subscribers_of(input, topic);
    const auto count = static_cast<int32_t>(subscribers.size());
    int32_t next = 0;
    for (int32_t i = 0; i < count; ++i) {
      const int32_t share = partitions / count + (i < partitions % count ? 1 : 0);
      for (const int32_t end = next + share; next < end; ++next)
        assignment[subscribers[static_cast<size_t>(i)].member_id].insert({topic, next});
    }
  }
  return assignment;
}

}  // namespace hailstorm::groups
