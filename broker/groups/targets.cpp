#include "broker/groups/targets.h"

#include "broker/groups/assignor.h"

namespace hailstorm::groups {

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
    for (const wire::TopicPartition& had : member.target) {
      if (exists(had)) one.previous.insert(wire::by_name(had));
    }
  }
  std::map<std::string, Partitions> targets;
  for (const auto& [id, assigned] : assign(input)) {
    for (const wire::TopicPartition& partition : assigned)
      targets[id].insert(topics.with_id(partition));
  }
  return targets;
}

}  // namespace hailstorm::groups
