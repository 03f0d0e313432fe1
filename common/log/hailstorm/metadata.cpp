#include "common/log/hailstorm/metadata.h"

#include <algorithm>
#include <limits>

namespace hailstorm::log::hail {
namespace {

constexpr int64_t kRefreshMs = 30'000;
constexpr int64_t kRetryMs = 200;

}  // namespace

void Metadata::want(const std::string& topic) { topics_.try_emplace(topic); }

void Metadata::invalidate(const std::string& topic, int64_t now_ms) {
  Topic& invalid = topics_[topic];
  invalid.due_ms = std::min(invalid.due_ms, now_ms);
}

void Metadata::invalidate_all(int64_t now_ms) {
  for (auto& [name, topic] : topics_) topic.due_ms = std::min(topic.due_ms, now_ms);
}

std::vector<std::string> Metadata::due(int64_t now_ms) const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_) {
    if (topic.due_ms <= now_ms) names.push_back(name);
  }
  return names;
}

int64_t Metadata::next_due_ms() const {
  int64_t due_ms = std::numeric_limits<int64_t>::max();
  for (const auto& [name, topic] : topics_) due_ms = std::min(due_ms, topic.due_ms);
  return due_ms;
}

Metadata::Update Metadata::on_reply(const wire::MetadataReply& reply, int64_t now_ms) {
  Update update;
  for (const wire::TopicMetadata& described : reply.topics) {
    const auto found = topics_.find(described.name);
    if (found == topics_.end()) continue;
    Topic& topic = found->second;
    if (described.outcome.code == wire::ErrorCode::none && !described.partitions.empty()) {
      topic.due_ms = now_ms + kRefreshMs;
      topic.missing_since_ms.reset();
      update.topics.push_back({described.name, static_cast<int32_t>(described.partitions.size()),
                               described.config.max_batch_bytes});
      continue;
    }
    topic.due_ms = now_ms + kRetryMs;
    if (!topic.missing_since_ms) topic.missing_since_ms = now_ms;
    if (now_ms - *topic.missing_since_ms >= kBelieveUnknownMs)
      update.missing.push_back(described.name);
  }
  return update;
}

void Metadata::on_failure(int64_t now_ms) {
  for (auto& [name, topic] : topics_) {
    if (topic.due_ms <= now_ms) topic.due_ms = now_ms + kRetryMs;
  }
}

}  // namespace hailstorm::log::hail
