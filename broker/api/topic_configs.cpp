#include "broker/api/topic_configs.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <limits>

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;
using wire::Outcome;
using wire::TopicConfig;

Outcome invalid_config(std::string why) { return {ErrorCode::invalid_config, std::move(why)}; }

/// A setting that can be changed.
struct Setting {
  std::string_view name;
  std::string_view broker_name;
  ConfigType type;
  std::string (*get)(const TopicConfig& config);
  /// False: this is no value that it may have.
  bool (*set)(TopicConfig& config, std::string_view value);
  std::string_view values;  // that it may have, for messages
};

template <auto kMember>
std::string get_number(const TopicConfig& config) {
  return std::to_string(config.*kMember);
}

template <auto kMember>
bool set_number(TopicConfig& config, std::string_view value) {
  int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || at != end) return false;
  using Number = std::remove_reference_t<decltype(config.*kMember)>;
  config.*kMember = static_cast<Number>(std::clamp<int64_t>(
      number, std::numeric_limits<Number>::min(), std::numeric_limits<Number>::max()));
  return true;
}

// After so many records Kafka syncs: each one, or never for their number.
constexpr std::string_view kEachRecord = "1";
constexpr std::string_view kNever = "9223372036854775807";

std::string get_flush(const TopicConfig& config) {
  return std::string(config.flush == wire::FlushPolicy::always ? kEachRecord : kNever);
}

bool set_flush(TopicConfig& config, std::string_view value) {
  config.flush = value == kEachRecord ? wire::FlushPolicy::always : wire::FlushPolicy::interval;
  return value == kEachRecord || value == kNever;
}

constexpr std::string_view kRetention = "delete";
constexpr std::string_view kCompaction = "compact";

std::string get_cleanup(const TopicConfig& config) {
  if (!config.is_compacted()) return std::string(kRetention);
  return config.has_retention() ? fmt::format("{},{}", kCompaction, kRetention)
                                : std::string(kCompaction);
}

bool set_cleanup(TopicConfig& config, std::string_view value) {
  bool has_retention = false;
  bool has_compaction = false;
  while (!value.empty()) {
    const size_t comma = std::min(value.find(','), value.size());
    const std::string_view part = value.substr(0, comma);
    if (part != kRetention && part != kCompaction) return false;
    (part == kRetention ? has_retention : has_compaction) = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  config.cleanup = !has_compaction ? wire::CleanupPolicy::retention
                   : has_retention ? wire::CleanupPolicy::both
                                   : wire::CleanupPolicy::compaction;
  return has_retention || has_compaction;
}

constexpr double kMillion = 1e6;

std::string get_dirty_ratio(const TopicConfig& config) {
  return fmt::format("{}", config.min_dirty_ppm / kMillion);
}

bool set_dirty_ratio(TopicConfig& config, std::string_view value) {
  double ratio = -1;
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, ratio);
  if (error != std::errc() || at != end || !(ratio >= 0 && ratio <= 1)) return false;
  config.min_dirty_ppm = static_cast<int32_t>(std::lround(ratio * kMillion));
  return true;
}

constexpr std::string_view kAnyNumber = "a whole number";

constexpr Setting kSettings[] = {
    {"cleanup.policy", "log.cleanup.policy", ConfigType::list, &get_cleanup, &set_cleanup,
     "delete, compact or both"},
    {"delete.retention.ms", "log.cleaner.delete.retention.ms", ConfigType::int64,
     &get_number<&TopicConfig::delete_retention_ms>, &set_number<&TopicConfig::delete_retention_ms>,
     kAnyNumber},
    {"flush.messages", "log.flush.interval.messages", ConfigType::int64, &get_flush, &set_flush,
     "1 (durable before it is acknowledged) or 9223372036854775807 (flush.ms says when)"},
    {"flush.ms", "log.flush.interval.ms", ConfigType::int64,
     &get_number<&TopicConfig::flush_interval_ms>, &set_number<&TopicConfig::flush_interval_ms>,
     kAnyNumber},
    {"max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms", ConfigType::int64,
     &get_number<&TopicConfig::max_compaction_lag_ms>,
     &set_number<&TopicConfig::max_compaction_lag_ms>, kAnyNumber},
    {"max.message.bytes", "message.max.bytes", ConfigType::int32,
     &get_number<&TopicConfig::max_batch_bytes>, &set_number<&TopicConfig::max_batch_bytes>,
     kAnyNumber},
    {"min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio", ConfigType::real,
     &get_dirty_ratio, &set_dirty_ratio, "a number between 0 and 1"},
    {"min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms", ConfigType::int64,
     &get_number<&TopicConfig::min_compaction_lag_ms>,
     &set_number<&TopicConfig::min_compaction_lag_ms>, kAnyNumber},
    {"retention.bytes", "log.retention.bytes", ConfigType::int64,
     &get_number<&TopicConfig::retention_bytes>, &set_number<&TopicConfig::retention_bytes>,
     kAnyNumber},
    {"retention.ms", "log.retention.ms", ConfigType::int64, &get_number<&TopicConfig::retention_ms>,
     &set_number<&TopicConfig::retention_ms>, kAnyNumber},
    {"segment.bytes", "log.segment.bytes", ConfigType::int32,
     &get_number<&TopicConfig::segment_bytes>, &set_number<&TopicConfig::segment_bytes>,
     kAnyNumber},
    {"segment.ms", "log.roll.ms", ConfigType::int64, &get_number<&TopicConfig::segment_ms>,
     &set_number<&TopicConfig::segment_ms>, kAnyNumber},
};

/// Settings of Kafka's that have one value here: that value is accepted, any other is refused.
struct Fixed {
  std::string_view name;
  std::string_view broker_name;
  ConfigType type;
  std::string_view value;
};
constexpr Fixed kFixed[] = {
    {"compression.type", "compression.type", ConfigType::text, "producer"},
    {"message.timestamp.type", "log.message.timestamp.type", ConfigType::text, "CreateTime"},
    {"min.insync.replicas", "min.insync.replicas", ConfigType::int32, "1"},
    {"unclean.leader.election.enable", "unclean.leader.election.enable", ConfigType::boolean,
     "false"},
};

/// Settings of Kafka's that change nothing that a client can see: they are accepted, and ignored.
constexpr std::string_view kIgnored[] = {
    "file.delete.delay.ms", "index.interval.bytes", "preallocate",
    "segment.index.bytes",  "segment.jitter.ms",
};

bool is_chosen(const TopicConfig& config, std::string_view name) {
  return std::ranges::find(config.chosen, name) != config.chosen.end();
}

void note_choice(TopicConfig& config, std::string_view name, bool is_given) {
  std::erase(config.chosen, name);
  if (is_given) config.chosen.emplace_back(name);
}

Outcome change(TopicConfig& config, const Setting& setting,
               const std::optional<std::string>& value) {
  const std::string text = value ? *value : setting.get(TopicConfig());
  if (!setting.set(config, text))
    return invalid_config(
        fmt::format("{} can only be {}, not '{}'", setting.name, setting.values, text));
  note_choice(config, setting.name, value.has_value());
  return {};
}

}  // namespace

std::vector<NamedConfig> configs_of(const TopicConfig& config) {
  std::vector<NamedConfig> all;
  for (const Fixed& fixed : kFixed) {
    const std::string value(fixed.value);
    all.push_back({fixed.name, fixed.broker_name, fixed.type, value, value,
                   !is_chosen(config, fixed.name), true});
  }
  const TopicConfig defaults;
  for (const Setting& setting : kSettings) {
    const std::string value = setting.get(config);
    const std::string default_value = setting.get(defaults);
    const bool is_default = value == default_value && !is_chosen(config, setting.name);
    all.push_back(
        {setting.name, setting.broker_name, setting.type, value, default_value, is_default, false});
  }
  std::ranges::sort(all, {}, &NamedConfig::name);
  return all;
}

Outcome set_config(TopicConfig& config, std::string_view name,
                   const std::optional<std::string>& value) {
  if (const auto* setting = std::ranges::find(kSettings, name, &Setting::name);
      setting != std::end(kSettings))
    return change(config, *setting, value);
  if (const auto* fixed = std::ranges::find(kFixed, name, &Fixed::name);
      fixed != std::end(kFixed)) {
    if (value && *value != fixed->value)
      return invalid_config(
          fmt::format("{} can only be '{}' here, not '{}'", name, fixed->value, *value));
    note_choice(config, name, value.has_value());
    return {};
  }
  if (std::ranges::find(kIgnored, name) != std::end(kIgnored)) return {};
  return invalid_config(fmt::format("there is no setting '{}' here", name));
}

}  // namespace hailstorm::broker
