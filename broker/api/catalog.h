#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/groups/coordinator.h"
#include "broker/partition/topic_store.h"

namespace hailstorm::broker {

/// The topics as the group coordinator sees them.
///
/// Thread safety: not safe; the broker's thread owns it. `topics` must remain live while this is in
/// use.
class Catalog final : public groups::TopicCatalog {
 public:
  explicit Catalog(TopicStore& topics) : topics_(topics) {}

  [[nodiscard]] Uuid topic_id(const std::string& topic) const override;
  [[nodiscard]] int32_t partition_count(const std::string& topic) const override;
  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] std::optional<Range> range(const wire::TopicPartition& id) const override;

 private:
  TopicStore& topics_;
};

}  // namespace hailstorm::broker
