#include "broker/groups/targets.h"

#include "broker/groups/assignor.h"
#include "broker/groups/range_assignor.h"

namespace hailstorm::groups {
namespace {

std::map<std::string, Partitions> assign_by(std::string_view assignor, const AssignorInput& input) {
  return assignor == kRange ? assign_ranges(input) : assign(input);
}

}  // namespace

std::string_view assignor_of(const Members& members) {
  size_t uniform = 0;
  size_t range = 0;
  for (const auto& [id, member] : members.by_id()) {
    uniform += member.details.assignor == kUniform ? 1 : 0;
    range += member.details.assignor == kRange ? 1 : 0;
  }
  return range > uniform ? kRange : kUniform;
}

std::map<std::string, Partitions> make_targets(const Members& members, const GroupTopics& topics) {
  const SeenTopics& subscribed = topics.subscribed();
  const auto exists = [&](const wire::TopicPartition& id) {
    const auto topic = subscribed.find(id.topic);
    return topic != subscribed.end() && topic->second.id == id.topic_id;
  };
  AssignorInput input;
  for (const auto& [name, topic] : subscribed) input.partitions[name] = topic.partitions;
  for (const auto& [id, member] : members.by_id()) {
    AssignorInput::Member& one = input.members[id];
    one.topics = member.topics;
    one.instance_id = member.instance_id;
    for (const wire::TopicPartition& had : member.target) {
      if (exists(had)) one.previous.insert(wire::by_name(had));
    }
  }
  std::map<std::string, Partitions> targets;
  for (const auto& [id, assigned] : assign_by(assignor_of(members), input)) {
    for (const wire::TopicPartition& partition : assigned)
      targets[id].insert(topics.with_id(partition));
  }
  return targets;
}

}  // namespace hailstorm::groups
