#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "common/base/time_text.h"
#include "common/events/events.h"
#include "common/events/ranges.h"

namespace hailstorm::events {
namespace {

constexpr std::string_view kSpecVersion = "1.0";
constexpr const char* kSubject = "ce_subject";  // the header with the ride

/// The header's value; null: there is none. Readers differ in which of two they take.
Result<const std::string*> find(const log::Headers& headers, std::string_view name) {
  const std::optional<std::string>* found = nullptr;
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    if (found != nullptr) {
      return Error(EventErrc::contradiction, fmt::format("header {} is there twice", name));
    }
    found = &value;
  }
  return found != nullptr && *found ? &**found : nullptr;
}

Result<std::string> required(const log::Headers& headers, std::string_view name) {
  HAIL_ASSIGN_OR_RETURN(const auto* const value, find(headers, name));
  if (value == nullptr) {
    return Error(EventErrc::missing_attribute, fmt::format("header {} is missing", name));
  }
  return *value;
}

Status must_be(std::string_view what, const std::optional<std::string>& held,
               const std::string& wanted) {
  if (held == wanted) return {};
  constexpr size_t kShownBytes = 100;
  const std::string shown = held ? "'" + held->substr(0, kShownBytes) + "'" : "missing";
  return Error(EventErrc::contradiction,
               fmt::format("{} is {}, but the payload says '{}'", what, shown, wanted));
}

/// What the record says outside of its payload is what the payload says.
Status check_against_payload(const log::ConsumedRecord& record, const Event& event) {
  HAIL_RETURN_IF_ERROR(must_be("header ce_id", event.id, id_of(event.payload)));
  HAIL_ASSIGN_OR_RETURN(const auto* const subject, find(record.headers, kSubject));
  if (subject != nullptr) {
    HAIL_RETURN_IF_ERROR(must_be("header ce_subject", *subject, event.ride_id()));
  }
  return must_be("the key", record.key, event.rider_id());
}

/// The same for every reader at any time; a record's time in the future counts as now.
int64_t latest_event_ms(const log::ConsumedRecord& record, int64_t now_ms) {
  const bool has_time = record.timestamp_ms > 0;
  return latest_readable_ms(has_time ? std::min(record.timestamp_ms, now_ms) : now_ms);
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
                    {"ce_time", time_text(event.time_ms)},
                    {kSubject, event.ride_id()},
                    {"content-type", "application/json"}};
  if (!event.traceparent.empty()) record.headers.emplace_back("traceparent", event.traceparent);
  return record;
}

std::optional<std::string_view> ride_of(std::span<const log::HeaderView> headers) {
  for (const auto& header : headers) {
    if (header.key == kSubject) return header.value;
  }
  return std::nullopt;
}

Result<Event> decode(const log::ConsumedRecord& record, int64_t now_ms) {
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
  if (!time_ms) {
    return Error(EventErrc::bad_field,
                 fmt::format("header ce_time: '{}' is not a time like 2014-04-01T00:11:00Z",
                             std::string_view(time).substr(0, 40)));
  }
  event.time_ms = *time_ms;
  HAIL_ASSIGN_OR_RETURN(const auto* const traceparent, find(record.headers, "traceparent"));
  if (traceparent != nullptr && is_traceparent(*traceparent)) event.traceparent = *traceparent;
  if (!record.value) return Error(EventErrc::bad_json, "the record has no value");
  HAIL_ASSIGN_OR_RETURN(event.payload, from_json(type, *record.value));
  const int64_t latest_ms = latest_event_ms(record, now_ms);
  HAIL_RETURN_IF_ERROR(check_ranges(event.payload, latest_ms));
  HAIL_RETURN_IF_ERROR(check_attributes(event, latest_ms));
  HAIL_RETURN_IF_ERROR(check_against_payload(record, event));
  return event;
}

}  // namespace hailstorm::events
