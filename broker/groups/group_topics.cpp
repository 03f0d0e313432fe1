#include <algorithm>

#include "broker/groups/group.h"

namespace hailstorm::groups {

using wire::TopicPartition;

TopicPartition Group::with_id(const TopicPartition& id) const {
  TopicPartition named = id;
  if (named.topic_id.is_zero()) named.topic_id = catalog_.topic_id(id.topic);
  return named;
}

Partitions Group::owned_in(const Request& request) const {
  Partitions owned;
  for (const TopicPartition& id : request.owned) owned.insert(with_id(id));
  return owned;
}

SeenTopics Group::subscribed_now() const {
  SeenTopics topics;
  for (const auto& [id, member] : members_) {
    for (const std::string& topic : member.topics) {
      if (topics.contains(topic)) continue;
      if (const int32_t count = catalog_.partition_count(topic); count > 0)
        topics[topic] = {catalog_.topic_id(topic), count};
    }
  }
  return topics;
}

bool Group::subscribes(const std::string& topic) const {
  return std::any_of(members_.begin(), members_.end(), [&](const auto& entry) {
    const auto& topics = entry.second.topics;
    return std::binary_search(topics.begin(), topics.end(), topic);
  });
}

std::vector<std::string> Group::missing_topics(const Member& member) const {
  std::vector<std::string> missing;
  for (const std::string& topic : member.topics) {
    if (catalog_.partition_count(topic) == 0) missing.push_back(topic);
  }
  return missing;
}

void Group::first_see(const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) {
    // Where somebody subscribed before, refresh_first_seen() sees the topic when it is made.
    const int32_t count = catalog_.partition_count(topic);
    if (count == 0 || subscribes(topic)) continue;
    const Uuid id = catalog_.topic_id(topic);
    const auto [seen, is_first] = first_seen_.try_emplace(topic, SeenTopic{id, count});
    if (!is_first && seen->second.id != id) seen->second = {id, count};
  }
}

void Group::knew(const std::string& topic) {
  if (epoch_ == 0) return;
  const SeenTopic seen{catalog_.topic_id(topic), catalog_.partition_count(topic)};
  if (first_seen_.try_emplace(topic, seen).second) changed_.insert(std::string());
}

/// A topic that is made while the group is subscribed is new to it as a whole.
void Group::refresh_first_seen() {
  const SeenTopics before = first_seen_;
  std::erase_if(first_seen_, [&](const auto& seen) {
    return catalog_.partition_count(seen.first) == 0 ||
           catalog_.topic_id(seen.first) != seen.second.id;
  });
  for (const auto& [name, topic] : subscribed_now())
    first_seen_.try_emplace(name, SeenTopic{topic.id, 0});
  if (first_seen_ != before) changed_.insert(std::string());
}

bool Group::is_new_to_group(const TopicPartition& id) const {
  const auto seen = first_seen_.find(id.topic);
  return seen != first_seen_.end() && seen->second.id == with_id(id).topic_id &&
         id.partition >= seen->second.partitions;
}

}  // namespace hailstorm::groups
