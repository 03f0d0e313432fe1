#include "common/log/hailstorm/topic_directory.h"

#include <algorithm>
#include <limits>

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kRefreshMs = 30'000;
constexpr int64_t kRetryMs = 200;

}  // namespace

void TopicDirectory::want(const std::string& topic) { topics_.try_emplace(topic); }

void TopicDirectory::doubt(const std::string& topic, int64_t now_ms) {
  Topic& doubted = topics_[topic];
  doubted.ask_at_ms = std::min(doubted.ask_at_ms, now_ms);
}

void TopicDirectory::ask_all(int64_t now_ms) {
  for (auto& [name, topic] : topics_) topic.ask_at_ms = std::min(topic.ask_at_ms, now_ms);
}

std::vector<std::string> TopicDirectory::due(int64_t now_ms) const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_) {
    if (topic.ask_at_ms <= now_ms) names.push_back(name);
  }
  return names;
}

int64_t TopicDirectory::next_due_ms() const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [name, topic] : topics_) due_ms = std::min(due_ms, topic.ask_at_ms);
  return due_ms;
}

TopicDirectory::News TopicDirectory::learn(const wire::MetadataReply& reply, int64_t now_ms) {
  News news;
  for (const wire::TopicMetadata& described : reply.topics) {
    const auto found = topics_.find(described.name);
    if (found == topics_.end()) continue;
    Topic& topic = found->second;
    if (described.outcome.code == wire::ErrorCode::none && !described.partitions.empty()) {
      topic.ask_at_ms = now_ms + kRefreshMs;
      topic.unknown_since_ms.reset();
      news.known.push_back({described.name, static_cast<int32_t>(described.partitions.size()),
                            described.config.max_batch_bytes});
      continue;
    }
    topic.ask_at_ms = now_ms + kRetryMs;
    if (!topic.unknown_since_ms) topic.unknown_since_ms = now_ms;
    if (now_ms - *topic.unknown_since_ms >= kBelieveUnknownMs) news.gone.push_back(described.name);
  }
  return news;
}

void TopicDirectory::retry(int64_t now_ms) {
  for (auto& [name, topic] : topics_) {
    if (topic.ask_at_ms <= now_ms) topic.ask_at_ms = now_ms + kRetryMs;
  }
}

}  // namespace hailstorm::log::hail
