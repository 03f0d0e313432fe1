#include "broker/groups/group_topics.h"

#include <algorithm>
#include <utility>

#include "broker/groups/topic_pattern.h"

namespace hailstorm::groups {
namespace {

bool subscribes(const Members& members, const std::string& topic) {
  return std::any_of(members.by_id().begin(), members.by_id().end(), [&](const auto& member) {
    const auto& topics = member.second.topics;
    return std::binary_search(topics.begin(), topics.end(), topic);
  });
}

}  // namespace

wire::TopicPartition GroupTopics::with_id(const wire::TopicPartition& id) const {
  wire::TopicPartition named = id;
  if (named.topic_id.is_zero()) named.topic_id = catalog_.topic_id(id.topic);
  return named;
}

Partitions GroupTopics::with_ids(const std::vector<wire::TopicPartition>& ids) const {
  Partitions named;
  for (const wire::TopicPartition& id : ids) named.insert(with_id(id));
  return named;
}

SeenTopics GroupTopics::existing(const Members& members) const {
  SeenTopics topics;
  for (const auto& [id, member] : members.by_id()) {
    for (const std::string& topic : member.topics) {
      if (topics.contains(topic)) continue;
      if (const int32_t count = catalog_.partition_count(topic); count > 0)
        topics[topic] = {catalog_.topic_id(topic), count};
    }
  }
  return topics;
}

std::vector<std::string> GroupTopics::subscription_of(const MemberDetails& details) const {
  return groups::subscription_of(details.topics, details.topic_pattern, catalog_);
}

std::vector<std::string> GroupTopics::missing(const Member& member) const {
  std::vector<std::string> missing;
  for (const std::string& topic : member.topics) {
    if (catalog_.partition_count(topic) == 0) missing.push_back(topic);
  }
  return missing;
}

void GroupTopics::first_see(const Members& members, const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) {
    // Where a member subscribed before, refresh_first_seen() sees the topic when it is made.
    const int32_t count = catalog_.partition_count(topic);
    if (count == 0 || subscribes(members, topic)) continue;
    const Uuid id = catalog_.topic_id(topic);
    const auto [seen, is_first] = first_seen_.try_emplace(topic, SeenTopic{id, count});
    if (!is_first && seen->second.id != id) seen->second = {id, count};
  }
}

bool GroupTopics::refresh_first_seen(const Members& members) {
  const SeenTopics before = first_seen_;
  std::erase_if(first_seen_, [&](const auto& seen) {
    return catalog_.partition_count(seen.first) == 0 ||
           catalog_.topic_id(seen.first) != seen.second.id;
  });
  for (const auto& [name, topic] : existing(members))
    first_seen_.try_emplace(name, SeenTopic{topic.id, 0});
  return first_seen_ != before;
}

bool GroupTopics::assume_seen(const std::string& topic) {
  const SeenTopic seen{catalog_.topic_id(topic), catalog_.partition_count(topic)};
  return first_seen_.try_emplace(topic, seen).second;
}

void GroupTopics::restore(SeenTopics subscribed, SeenTopics first_seen) {
  subscribed_ = std::move(subscribed);
  first_seen_ = std::move(first_seen);
}

bool GroupTopics::is_new_to_group(const wire::TopicPartition& id) const {
  const auto seen = first_seen_.find(id.topic);
  return seen != first_seen_.end() && seen->second.id == with_id(id).topic_id &&
         id.partition >= seen->second.partitions;
}

}  // namespace hailstorm::groups
