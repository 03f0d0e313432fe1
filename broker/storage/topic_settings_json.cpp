#include "broker/storage/topic_settings_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "broker/storage/file_names.h"
#include "broker/storage/file_system.h"
#include "common/wire/crc32c.h"

namespace hailstorm::storage {
namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr const char* kCrc = "crc";

/// Of all settings; white space does not count.
std::string crc_of(const Json& all) {
  return fmt::format("{:08x}", wire::crc32c(as_bytes(all.dump())));
}

std::string flush_name(wire::FlushPolicy flush) {
  return flush == wire::FlushPolicy::always ? "always" : "interval";
}

Json topic_json(const wire::TopicConfig& config) {
  return {{"partitions", config.partitions},
          {"segment_bytes", config.segment_bytes},
          {"retention_ms", config.retention_ms},
          {"retention_bytes", config.retention_bytes},
          {"max_batch_bytes", config.max_batch_bytes},
          {"flush", flush_name(config.flush)},
          {"flush_interval_ms", config.flush_interval_ms},
          {"compact", config.compact}};
}

wire::TopicConfig topic_from(const Json& json) {
  wire::TopicConfig config;
  json.at("partitions").get_to(config.partitions);
  json.at("segment_bytes").get_to(config.segment_bytes);
  json.at("retention_ms").get_to(config.retention_ms);
  json.at("retention_bytes").get_to(config.retention_bytes);
  json.at("max_batch_bytes").get_to(config.max_batch_bytes);
  json.at("flush_interval_ms").get_to(config.flush_interval_ms);
  json.at("compact").get_to(config.compact);
  config.flush = json.at("flush").get<std::string>() == flush_name(wire::FlushPolicy::always)
                     ? wire::FlushPolicy::always
                     : wire::FlushPolicy::interval;
  return config;
}

Status in_bounds(const char* what, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return {};
  return Error(StorageErrc::invalid, std::string(what) + " is " + std::to_string(value) +
                                         "; it may be " + std::to_string(least) + " to " +
                                         std::to_string(most));
}

}  // namespace

std::string to_json(const StoreSettings& settings) {
  Json topics = Json::object();
  for (const auto& [name, config] : settings.topics) topics[name] = topic_json(config);
  Json all = {{"format", kFormat},
              {"reserved_producer_ids", settings.reserved_producer_ids},
              {"topics", topics}};
  all[kCrc] = crc_of(all);
  return all.dump(2) + "\n";
}

Result<StoreSettings> settings_from_json(Bytes text) {
  StoreSettings settings;
  try {
    Json all = Json::parse(text.begin(), text.end());
    // Without a CRC it was written by an older program, or by hand.
    if (const auto crc = all.find(kCrc); crc != all.end()) {
      const Json claimed = *crc;
      all.erase(crc);
      if (claimed != Json(crc_of(all)))
        return Error(StorageErrc::corrupt, "its CRC is not that of its settings");
    }
    if (all.at("format").get<int>() != kFormat)
      return Error(StorageErrc::corrupt, "it was written by another version of this program");
    all.at("reserved_producer_ids").get_to(settings.reserved_producer_ids);
    for (const auto& [name, json] : all.at("topics").items())
      settings.topics[name] = topic_from(json);
  } catch (const Json::exception& failed) {
    return Error(StorageErrc::corrupt, failed.what());
  }
  for (const auto& [name, config] : settings.topics) {
    if (const auto checked = check_topic(name, config); !checked.ok())
      return Error(StorageErrc::corrupt, "topic '" + name + "': " + checked.error().message());
  }
  return settings;
}

Status check_topic(const std::string& name, const wire::TopicConfig& config) {
  if (!file_names::is_valid_topic(name))
    return Error(
        StorageErrc::invalid,
        "a topic's name is 1 to 249 of letters, digits, '.', '_' and '-', not '.' or '..'");
  constexpr int64_t kForEver = INT64_MAX;
  HAIL_RETURN_IF_ERROR(in_bounds("partitions", config.partitions, 1, 1024));
  HAIL_RETURN_IF_ERROR(in_bounds("segment_bytes", config.segment_bytes, 1 << 10, INT32_MAX));
  HAIL_RETURN_IF_ERROR(in_bounds("max_batch_bytes", config.max_batch_bytes, 1 << 10, 64 << 20));
  HAIL_RETURN_IF_ERROR(in_bounds("retention_ms", config.retention_ms, -1, kForEver));
  HAIL_RETURN_IF_ERROR(in_bounds("retention_bytes", config.retention_bytes, -1, kForEver));
  return in_bounds("flush_interval_ms", config.flush_interval_ms, 1, kForEver);
}

}  // namespace hailstorm::storage
