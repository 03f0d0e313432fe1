#include "broker/cli/record_json.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>
#include <span>

#include "broker/cli/value_text.h"
#include "common/base/time_text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

constexpr std::string_view kRecordMembers[] = {"topic",        "partition", "offset",  "timestamp",
                                               "timestamp_ms", "key",       "key_hex", "value",
                                               "value_hex",    "headers"};
constexpr std::string_view kHeaderMembers[] = {"key", "key_hex", "value", "value_hex"};

Error bad_record(std::string why) { return {log::LogErrc::refused, std::move(why)}; }

/// A parser's message without its line, which is always the first one.
std::string from_column(const std::string& message) {
  const size_t column = message.find("column");
  return column == std::string::npos ? message : message.substr(column);
}

/// Each member is known and there once: nothing that somebody wrote is passed over.
Status check_members(const json::Value& object, std::span<const std::string_view> known) {
  if (object.members() == nullptr) return bad_record("it is no JSON object");
  std::set<std::string_view> seen;
  for (const auto& [name, value] : *object.members()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return bad_record(fmt::format("unknown member '{}'", name));
    if (!seen.insert(name).second)
      return bad_record(fmt::format("member '{}' is there twice", name));
  }
  return {};
}

std::optional<std::string> bytes_from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    uint8_t byte = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

/// Of NAME_hex if it is there, else of NAME; a member that is missing counts as null.
Result<std::optional<std::string>> bytes_of(const json::Value& object, const std::string& name) {
  const json::Value* hex = object.find(name + "_hex");
  if (hex != nullptr) {
    auto bytes = hex->text() != nullptr ? bytes_from_hex(*hex->text()) : std::nullopt;
    if (!bytes) return bad_record(fmt::format("'{}_hex' is no text of two digits a byte", name));
    return bytes;
  }
  const json::Value* value = object.find(name);
  if (value == nullptr || std::holds_alternative<std::monostate>(value->data()))
    return std::optional<std::string>();
  if (value->text() == nullptr)
    return bad_record(fmt::format("'{}' is neither text nor null", name));
  return std::optional<std::string>(*value->text());
}

Result<log::Headers> headers_of(const json::Value& record) {
  log::Headers headers;
  const json::Value* list = record.find("headers");
  if (list == nullptr) return headers;
  if (list->elements() == nullptr) return bad_record("'headers' is no array");
  for (const json::Value& header : *list->elements()) {
    const Status checked = check_members(header, kHeaderMembers);
    if (!checked.ok()) return bad_record("'headers': " + checked.error().message());
    HAIL_ASSIGN_OR_RETURN(auto key, bytes_of(header, "key"));
    if (!key) return bad_record("'headers': one has no key");
    HAIL_ASSIGN_OR_RETURN(auto value, bytes_of(header, "value"));
    headers.emplace_back(*std::move(key), std::move(value));
  }
  return headers;
}

Result<int64_t> timestamp_of(const json::Value& record) {
  if (const json::Value* ms = record.find("timestamp_ms")) {
    const auto timestamp_ms = ms->integer();
    if (timestamp_ms && *timestamp_ms >= -1) return *timestamp_ms;
    return bad_record("'timestamp_ms' is no time in milliseconds since 1970");
  }
  const json::Value* time = record.find("timestamp");
  if (time == nullptr) return int64_t{-1};
  const auto parsed = time->text() != nullptr ? parse_time(*time->text()) : std::nullopt;
  if (parsed && *parsed >= 0) return *parsed;
  return bad_record("'timestamp' is no time since 1970 like 2014-04-01T00:11:00Z");
}

}  // namespace

std::string to_json_line(const log::ConsumedRecord& record) {
  json::Value out = {{"partition", record.partition},
                     {"offset", record.offset},
                     {"timestamp", time_text(record.timestamp_ms)},
                     {"timestamp_ms", record.timestamp_ms}};
  add_bytes(out, "topic", record.topic);
  add_bytes(out, "key", record.key);
  add_bytes(out, "value", record.value);
  json::Value& headers = out.add("headers", json::Value::array());
  for (const auto& [key, value] : record.headers) {
    json::Value header = json::Value::object();
    add_bytes(header, "key", key);
    add_bytes(header, "value", value);
    headers.push_back(std::move(header));
  }
  return json::to_sorted_text(out);
}

Result<log::Record> record_from_json(std::string_view line) {
  const auto object = json::parse(line, kMaxJsonLineBytes);
  if (!object.ok()) return bad_record("it is no JSON: " + from_column(object.error().message()));
  HAIL_RETURN_IF_ERROR(check_members(*object, kRecordMembers));
  if (object->find("value") == nullptr && object->find("value_hex") == nullptr)
    return bad_record("it has no 'value'; that of a tombstone is null");
  log::Record record;
  HAIL_ASSIGN_OR_RETURN(record.key, bytes_of(*object, "key"));
  HAIL_ASSIGN_OR_RETURN(record.value, bytes_of(*object, "value"));
  HAIL_ASSIGN_OR_RETURN(record.headers, headers_of(*object));
  HAIL_ASSIGN_OR_RETURN(record.timestamp_ms, timestamp_of(*object));
  if (const json::Value* partition = object->find("partition")) {
    const auto number = partition->integer();
    if (!number || *number < 0 || !std::in_range<int32_t>(*number))
      return bad_record("'partition' is no number of a partition");
    record.partition = static_cast<int32_t>(*number);
  }
  return record;
}

}  // namespace hailstorm::cli
