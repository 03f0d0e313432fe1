#include <fmt/format.h>

#include "common/events/events.h"

namespace hailstorm::events {
namespace {

constexpr std::string_view kSpecVersion = "1.0";

/// Null, too, where the header has no value.
const std::string* find(const log::Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value ? &*value : nullptr;
  }
  return nullptr;
}

Result<std::string> required(const log::Headers& headers, std::string_view name) {
  const auto* value = find(headers, name);
  if (value == nullptr) {
    return Error(EventErrc::missing_attribute, fmt::format("header {} is missing", name));
  }
  return *value;
}

}  // namespace

log::Record encode(const Event& event) {
  log::Record record;
  record.key = event.rider_id();
  record.value = to_json(event.payload);
  record.headers = {{"ce_specversion", std::string(kSpecVersion)},
                    {"ce_id", event.id},
                    {"ce_source", event.source},
                    {"ce_type", std::string(event.type())},
                    {"ce_time", format_time(event.time_ms)},
                    {"ce_subject", event.ride_id()},
                    {"content-type", "application/json"}};
  if (!event.traceparent.empty()) record.headers.emplace_back("traceparent", event.traceparent);
  return record;
}

Result<Event> decode(const log::ConsumedRecord& record) {
  HAIL_ASSIGN_OR_RETURN(const auto version, required(record.headers, "ce_specversion"));
  if (version != kSpecVersion) {
    return Error(
        EventErrc::unsupported_version,
        fmt::format("header ce_specversion is '{}', this program reads {}", version, kSpecVersion));
  }
  Event event;
  HAIL_ASSIGN_OR_RETURN(event.id, required(record.headers, "ce_id"));
  HAIL_ASSIGN_OR_RETURN(event.source, required(record.headers, "ce_source"));
  HAIL_ASSIGN_OR_RETURN(const auto type, required(record.headers, "ce_type"));
  HAIL_ASSIGN_OR_RETURN(const auto time, required(record.headers, "ce_time"));
  const auto time_ms = parse_time(time);
  if (!time_ms) return Error(EventErrc::bad_field, "header ce_time: " + time_ms.error().message());
  event.time_ms = *time_ms;
  if (const auto* traceparent = find(record.headers, "traceparent")) {
    event.traceparent = *traceparent;
  }
  if (!record.value) return Error(EventErrc::bad_json, "the record has no value");
  HAIL_ASSIGN_OR_RETURN(event.payload, from_json(type, *record.value));
  return event;
}

}  // namespace hailstorm::events
