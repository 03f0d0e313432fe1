#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// A topic's setting by Kafka's name, as a client sees it.
struct NamedConfig {
  std::string_view name;
  std::string value;
  bool is_default = true;
  bool is_read_only = false;
};

/// All that a topic has, in the order of their names.
[[nodiscard]] std::vector<NamedConfig> configs_of(const wire::TopicConfig& config);

/// Sets one by Kafka's name; null: back to its default. An outcome that is not none says that there
/// is no such setting here, or that it may not have this value.
[[nodiscard]] wire::Outcome set_config(wire::TopicConfig& config, std::string_view name,
                                       const std::optional<std::string>& value);

}  // namespace hailstorm::broker
