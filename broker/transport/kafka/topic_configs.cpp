#include "broker/transport/kafka/topic_configs.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicConfig;

/// A setting that can be changed.
struct Setting {
  std::string_view name;
  int64_t (*get)(const TopicConfig& config);
  void (*set)(TopicConfig& config, int64_t value);
};

constexpr Setting kSettings[] = {
    {"max.message.bytes", [](const TopicConfig& config) { return int64_t{config.max_batch_bytes}; },
     [](TopicConfig& config, int64_t value) {
       config.max_batch_bytes = static_cast<int32_t>(std::min<int64_t>(value, INT32_MAX));
     }},
    {"retention.bytes", [](const TopicConfig& config) { return config.retention_bytes; },
     [](TopicConfig& config, int64_t value) { config.retention_bytes = value; }},
    {"retention.ms", [](const TopicConfig& config) { return config.retention_ms; },
     [](TopicConfig& config, int64_t value) { config.retention_ms = value; }},
    {"segment.bytes", [](const TopicConfig& config) { return config.segment_bytes; },
     [](TopicConfig& config, int64_t value) { config.segment_bytes = value; }},
};

/// Settings of Kafka's that have one value here: that value is accepted, any other is refused.
struct Fixed {
  std::string_view name;
  std::string_view value;
};
constexpr Fixed kFixed[] = {
    {"cleanup.policy", "delete"},
    {"compression.type", "producer"},
    {"message.timestamp.type", "CreateTime"},
    {"min.insync.replicas", "1"},
    {"unclean.leader.election.enable", "false"},
};

/// Settings of Kafka's that change nothing that a client can see: they are accepted, and ignored.
constexpr std::string_view kIgnored[] = {
    "delete.retention.ms",
    "file.delete.delay.ms",
    "flush.messages",
    "flush.ms",
    "index.interval.bytes",
    "max.compaction.lag.ms",
    "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms",
    "preallocate",
    "segment.index.bytes",
    "segment.jitter.ms",
    "segment.ms",
};

Outcome invalid(std::string why) { return {ErrorCode::invalid_config, std::move(why)}; }

Outcome set_number(TopicConfig& config, const Setting& setting, const std::string& value) {
  int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || at != end)
    return invalid(fmt::format("{} is no whole number: '{}'", setting.name, value));
  setting.set(config, number);
  return {};
}

}  // namespace

std::vector<NamedConfig> configs_of(const TopicConfig& config) {
  std::vector<NamedConfig> all;
  for (const Fixed& fixed : kFixed)
    all.push_back({fixed.name, std::string(fixed.value), true, true});
  const TopicConfig defaults;
  for (const Setting& setting : kSettings) {
    const int64_t value = setting.get(config);
    all.push_back({setting.name, std::to_string(value), value == setting.get(defaults), false});
  }
  std::ranges::sort(all, {}, &NamedConfig::name);
  return all;
}

Outcome set_config(TopicConfig& config, std::string_view name,
                   const std::optional<std::string>& value) {
  if (const auto* setting = std::ranges::find(kSettings, name, &Setting::name);
      setting != std::end(kSettings)) {
    if (value) return set_number(config, *setting, *value);
    setting->set(config, setting->get(TopicConfig()));
    return {};
  }
  if (const auto* fixed = std::ranges::find(kFixed, name, &Fixed::name);
      fixed != std::end(kFixed)) {
    if (!value || *value == fixed->value) return {};
    return invalid(fmt::format("{} can only be '{}' here, not '{}'", name, fixed->value, *value));
  }
  if (std::ranges::find(kIgnored, name) != std::end(kIgnored)) return {};
  return invalid(fmt::format("there is no setting '{}' here", name));
}

}  // namespace hailstorm::broker
