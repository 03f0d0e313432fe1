#include "broker/storage/topic_settings_json.h"

#include <fmt/format.h>

#include "broker/storage/file_names.h"
#include "broker/storage/file_system.h"
#include "common/json/json.h"
#include "common/json/member_reader.h"
#include "common/wire/crc32c.h"
#include "common/wire/limits.h"
#include "common/wire/topic_name.h"

namespace hailstorm::storage {
namespace {

constexpr int kFormat = 2;
constexpr int kFormatWithoutIds = 1;
constexpr const char* kCrc = "crc";

/// Of all members but the CRC; neither white space nor their order counts.
std::string crc_of(const json::Value::Object& all) {
  json::Value covered = json::Value::object();
  for (const auto& [name, value] : all) {
    if (name != kCrc) covered.add(name, value);
  }
  const std::string text = json::to_sorted_text(covered);
  return fmt::format("{:08x}", wire::crc32c(as_bytes(text)));
}

std::string flush_name(wire::FlushPolicy flush) {
  return flush == wire::FlushPolicy::always ? "always" : "interval";
}

json::Value compaction_json(const wire::TopicConfig& config) {
  return {{"retention", config.has_retention()},
          {"delete_retention_ms", config.delete_retention_ms},
          {"min_dirty_ppm", config.min_dirty_ppm},
          {"min_lag_ms", config.min_compaction_lag_ms},
          {"max_lag_ms", config.max_compaction_lag_ms}};
}

/// Older programs wrote no such member: then nothing but compaction cleans a compacted topic.
Status read_compaction(const json::Value* object, bool is_compacted, wire::TopicConfig& config) {
  bool has_retention = !is_compacted;
  if (object != nullptr) {
    json::MemberReader reader(*object);
    reader.required("retention", has_retention)
        .required("delete_retention_ms", config.delete_retention_ms)
        .required("min_dirty_ppm", config.min_dirty_ppm)
        .required("min_lag_ms", config.min_compaction_lag_ms)
        .required("max_lag_ms", config.max_compaction_lag_ms);
    HAIL_RETURN_IF_ERROR(reader.status());
  }
  if (is_compacted)
    config.cleanup = has_retention ? wire::CleanupPolicy::both : wire::CleanupPolicy::compaction;
  return {};
}

json::Value topic_json(const TopicSettings& topic) {
  const wire::TopicConfig& config = topic.config;
  json::Value object = {{"id", topic.id.text()},
                        {"partitions", config.partitions},
                        {"segment_bytes", config.segment_bytes},
                        {"retention_ms", config.retention_ms},
                        {"retention_bytes", config.retention_bytes},
                        {"max_batch_bytes", config.max_batch_bytes},
                        {"flush", flush_name(config.flush)},
                        {"flush_interval_ms", config.flush_interval_ms},
                        {"compact", config.is_compacted()},
                        {"compaction", compaction_json(config)}};
  if (config.segment_ms != wire::TopicConfig().segment_ms)
    object.add("segment_ms", config.segment_ms);
  if (!config.chosen.empty()) object.add("chosen", config.chosen);
  return object;
}

Result<wire::TopicConfig> config_from(const json::Value& object) {
  wire::TopicConfig config;
  std::string flush;
  bool is_compacted = false;
  json::MemberReader reader(object);
  reader.required("partitions", config.partitions)
      .required("segment_bytes", config.segment_bytes)
      .required("retention_ms", config.retention_ms)
      .required("retention_bytes", config.retention_bytes)
      .required("max_batch_bytes", config.max_batch_bytes)
      .required("flush_interval_ms", config.flush_interval_ms)
      .required("compact", is_compacted)
      .required("flush", flush)
      .optional("segment_ms", config.segment_ms)
      .optional("chosen", config.chosen);
  HAIL_RETURN_IF_ERROR(reader.status());
  HAIL_RETURN_IF_ERROR(read_compaction(object.find("compaction"), is_compacted, config));
  config.flush = flush == flush_name(wire::FlushPolicy::always) ? wire::FlushPolicy::always
                                                                : wire::FlushPolicy::interval;
  return config;
}

Error corrupt(std::string why) { return {StorageErrc::corrupt, std::move(why)}; }

/// Errors: corrupt (no id, or the zero one), or one of json.
Result<Uuid> id_from(const json::Value& object, const char* member) {
  std::string text;
  json::MemberReader reader(object);
  HAIL_RETURN_IF_ERROR(reader.required(member, text).status());
  const auto id = Uuid::parse(text);
  if (!id || id->is_zero()) return corrupt("'" + text + "' is no id");
  return *id;
}

/// The settings as the text has them, in their bounds or not. Errors: corrupt, or one of json.
Result<StoreSettings> read_settings(std::string_view text) {
  // Of any size: what the broker could write it must read at the next start.
  HAIL_ASSIGN_OR_RETURN(const auto all, json::parse(text, text.size()));
  // Without a CRC it was written by an older program, or by hand.
  if (const auto* claimed = all.find(kCrc)) {
    if (claimed->text() == nullptr || *claimed->text() != crc_of(*all.members()))
      return corrupt("its CRC is not that of its settings");
  }
  int format = 0;
  StoreSettings settings;
  json::MemberReader reader(all);
  HAIL_RETURN_IF_ERROR(reader.required("format", format).status());
  if (format != kFormat && format != kFormatWithoutIds)
    return corrupt("it was written by another version of this program");
  reader.required("reserved_producer_ids", settings.reserved_producer_ids);
  HAIL_RETURN_IF_ERROR(reader.status());
  if (all.find("cluster_id") != nullptr) {
    HAIL_ASSIGN_OR_RETURN(settings.cluster_id, id_from(all, "cluster_id"));
  }
  const auto* topics = all.find("topics");
  if (topics == nullptr || topics->members() == nullptr) return corrupt("it names no topics");
  for (const auto& [name, object] : *topics->members()) {
    TopicSettings& topic = settings.topics[name];
    HAIL_ASSIGN_OR_RETURN(topic.config, config_from(object));
    if (format == kFormatWithoutIds) continue;
    HAIL_ASSIGN_OR_RETURN(topic.id, id_from(object, "id"));
  }
  return settings;
}

Status in_bounds(const char* what, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return {};
  return Error(StorageErrc::invalid,
               fmt::format("{} is {}; it may be {} to {}", what, value, least, most));
}

}  // namespace

std::string to_json(const StoreSettings& settings) {
  json::Value topics = json::Value::object();
  for (const auto& [name, topic] : settings.topics) topics.add(name, topic_json(topic));
  json::Value all = {{"cluster_id", settings.cluster_id.text()},
                     {"format", kFormat},
                     {"reserved_producer_ids", settings.reserved_producer_ids},
                     {"topics", std::move(topics)}};
  all.add(kCrc, crc_of(*all.members()));
  return json::to_sorted_text(all, json::Layout::indented) + "\n";
}

Result<StoreSettings> settings_from_json(Bytes text) {
  auto settings = read_settings(as_text(text));
  if (!settings.ok()) return corrupt(settings.error().message());
  std::map<Uuid, std::string> names;
  for (const auto& [name, topic] : settings->topics) {
    if (!topic.id.is_zero() && !names.emplace(topic.id, name).second)
      return corrupt(fmt::format("topics '{}' and '{}' have one id", names[topic.id], name));
    if (const auto checked = check_topic(name, topic.config); !checked.ok())
      return corrupt(fmt::format("topic '{}': {}", name, checked.error().message()));
  }
  return settings;
}

Status check_topic(const std::string& name, const wire::TopicConfig& config) {
  if (!wire::is_topic_name(name))
    return Error(StorageErrc::invalid, std::string(wire::kTopicNameRule));
  constexpr int64_t kForEver = INT64_MAX;
  HAIL_RETURN_IF_ERROR(in_bounds("partitions", config.partitions, 1, wire::kMaxTopicPartitions));
  HAIL_RETURN_IF_ERROR(
      in_bounds("segment_bytes", config.segment_bytes, wire::kMinSegmentBytes, INT32_MAX));
  HAIL_RETURN_IF_ERROR(in_bounds("max_batch_bytes", config.max_batch_bytes,
                                 wire::kLeastMaxBatchBytes, wire::kMostMaxBatchBytes));
  HAIL_RETURN_IF_ERROR(in_bounds("retention_ms", config.retention_ms, -1, kForEver));
  HAIL_RETURN_IF_ERROR(in_bounds("retention_bytes", config.retention_bytes, -1, kForEver));
  HAIL_RETURN_IF_ERROR(in_bounds("segment_ms", config.segment_ms, 1, kForEver));
  HAIL_RETURN_IF_ERROR(in_bounds("delete_retention_ms", config.delete_retention_ms, 0, kForEver));
  HAIL_RETURN_IF_ERROR(in_bounds("min_dirty_ppm", config.min_dirty_ppm, 0, 1'000'000));
  HAIL_RETURN_IF_ERROR(
      in_bounds("min_compaction_lag_ms", config.min_compaction_lag_ms, 0, kForEver));
  HAIL_RETURN_IF_ERROR(
      in_bounds("max_compaction_lag_ms", config.max_compaction_lag_ms, 1, kForEver));
  return in_bounds("flush_interval_ms", config.flush_interval_ms, 1, kForEver);
}

}  // namespace hailstorm::storage
