#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// Kafka's numbers for what a setting's value is.
enum class ConfigType : int8_t { boolean = 1, text = 2, int32 = 3, int64 = 5, real = 6, list = 7 };

/// A topic's setting by Kafka's name, as a client sees it.
struct NamedConfig {
  std::string_view name;
  std::string_view broker_name;  // of the broker's setting that Kafka takes the default from
  ConfigType type = ConfigType::text;
  std::string value;
  std::string default_value;
  bool is_default = true;  // nobody gave it, for this topic
  bool is_read_only = false;
};

/// All that a topic has, in the order of their names.
[[nodiscard]] std::vector<NamedConfig> configs_of(const wire::TopicConfig& config);

/// Sets one by Kafka's name; null: back to its default. An outcome that is not none says that there
/// is no such setting here, or that it may not have this value. Bounds are checked elsewhere.
[[nodiscard]] wire::Outcome set_config(wire::TopicConfig& config, std::string_view name,
                                       const std::optional<std::string>& value);

}  // namespace hailstorm::broker
