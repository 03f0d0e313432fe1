#include "services/lab/serve/group_document.h"

#include <map>
#include <string>
#include <utility>

namespace hailstorm::lab {

json::Value to_json(const log::GroupDescription& group) {
  json::Value members = json::Value::array();
  for (const auto& one : group.members) {
    members.push_back(
        {{"id", one.member_id}, {"instance", one.instance_id}, {"epoch", one.member_epoch}});
  }
  std::map<std::string, json::Value> by_topic;
  for (const auto& one : group.partitions) {
    auto& list = by_topic.try_emplace(one.id.topic, json::Value::array()).first->second;
    list.push_back({{"partition", one.id.partition},
                    {"start", one.log_start_offset},
                    {"end", one.high_watermark},
                    {"committed", one.committed_offset},
                    {"lag", one.lag},
                    {"owner", one.owner}});
  }
  json::Value topics = json::Value::object();
  for (auto& [topic, list] : by_topic) topics.add(topic, std::move(list));
  return {{"group", group.info.group},
          {"state", group.info.state},
          {"epoch", group.info.epoch},
          {"members", std::move(members)},
          {"topics", std::move(topics)}};
}

}  // namespace hailstorm::lab
