#include "common/service/topic_keeper.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "common/base/logging.h"

namespace hailstorm::service {
namespace {

/// What is wrong with the first partition that takes no records; empty: nothing.
std::string why_not_writable(const log::TopicInfo& topic) {
  for (const log::PartitionInfo& partition : topic.partitions) {
    if (partition.error.empty()) continue;
    return fmt::format("partition {}-{}, to which it publishes, takes no records: {}", topic.name,
                       partition.partition, partition.error);
  }
  return "";
}

}  // namespace

TopicKeeper::TopicKeeper(std::unique_ptr<log::Admin> admin, const std::vector<std::string>& read,
                         const std::vector<std::string>& written, Health& health)
    : admin_(std::move(admin)), topics_(read), written_(written), health_(health) {
  topics_.insert(topics_.end(), written.begin(), written.end());
  std::sort(topics_.begin(), topics_.end());
  topics_.erase(std::unique(topics_.begin(), topics_.end()), topics_.end());
}

Status TopicKeeper::look() {
  const auto described = admin_->describe_topics(topics_);
  if (described) {
    learn(*described);
    health_.log_trouble.set_deleted_topics({});
    return {};
  }
  if (!described.error().is(log::LogErrc::unknown_topic)) return described.error();
  HAIL_ASSIGN_OR_RETURN(const auto gone, missing());
  health_.log_trouble.set_deleted_topics(gone);
  for (const std::string& topic : gone) HAIL_RETURN_IF_ERROR(make(topic));
  return {};
}

Result<std::vector<std::string>> TopicKeeper::missing() {
  std::vector<std::string> gone;
  for (const std::string& topic : topics_) {
    const auto described = admin_->describe_topics({topic});
    if (described) continue;
    if (!described.error().is(log::LogErrc::unknown_topic)) return described.error();
    gone.push_back(topic);
  }
  return gone;
}

Status TopicKeeper::make(const std::string& topic) {
  const bool was_there = settings_.contains(topic);
  const auto made = admin_->create_topic(topic, settings_[topic]);
  if (!made.ok()) {
    log_warn("a topic is missing and cannot be made now", {{"topic", topic}, made.error()});
    return made.error();
  }
  if (*made && was_there) log_warn("a topic was gone and is made again", {{"topic", topic}});
  return {};
}

void TopicKeeper::learn(const std::vector<log::TopicInfo>& described) {
  std::string trouble;
  for (const log::TopicInfo& topic : described) {
    settings_[topic.name] = topic.settings;
    const bool is_written =
        std::find(written_.begin(), written_.end(), topic.name) != written_.end();
    if (is_written && trouble.empty()) trouble = why_not_writable(topic);
  }
  if (trouble.empty()) {
    health_.readiness.clear(Reason::partitions);
  } else {
    health_.readiness.set(Reason::partitions, trouble);
  }
}

}  // namespace hailstorm::service
