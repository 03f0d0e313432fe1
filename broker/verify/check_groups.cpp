#include "broker/verify/check_groups.h"

#include "broker/groups/coordinator.h"
#include "broker/groups/offsets_journal.h"

namespace hailstorm::verify {
namespace {

/// Refuses all writes: verify changes nothing.
class ClosedJournal final : public groups::GroupJournal {
 public:
  Status append(const std::string&, std::vector<Entry>,
                std::function<void(const Status&)>) override {
    return Error(storage::StorageErrc::stopped, "this is only a look");
  }
};

class NamedTopics final : public groups::TopicCatalog {
 public:
  explicit NamedTopics(const storage::StoreSettings& settings) : settings_(settings) {}

  Uuid topic_id(const std::string& topic) const override {
    const auto found = settings_.topics.find(topic);
    return found == settings_.topics.end() ? Uuid() : found->second.id;
  }
  int32_t partition_count(const std::string& topic) const override {
    const auto found = settings_.topics.find(topic);
    return found == settings_.topics.end() ? 0 : found->second.config.partitions;
  }
  std::vector<std::string> topics() const override {
    std::vector<std::string> names;
    for (const auto& [name, topic] : settings_.topics) names.push_back(name);
    return names;
  }
  std::optional<Range> range(const wire::TopicPartition&) const override { return std::nullopt; }

 private:
  const storage::StoreSettings& settings_;
};

}  // namespace

Result<size_t> count_groups(storage::Log& log, const storage::StoreSettings& settings,
                            const Clock& clock) {
  ClosedJournal journal;
  const NamedTopics topics(settings);
  groups::Coordinator coordinator(journal, topics, clock);
  HAIL_RETURN_IF_ERROR(groups::replay_log(log, coordinator));
  coordinator.finish_loading();
  size_t count = 0;
  coordinator.list({}, [&](const wire::ListGroupsReply& reply) { count = reply.groups.size(); });
  return count;
}

}  // namespace hailstorm::verify
