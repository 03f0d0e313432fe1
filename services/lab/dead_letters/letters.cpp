#include "services/lab/dead_letters/letters.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/number_text.h"
#include "common/events/events.h"
#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

std::optional<int64_t> number_of(const log::ConsumedRecord& record, std::string_view name) {
  const auto text = header_of(record, name);
  return text ? whole_number(*text) : std::nullopt;
}

/// Whether the letter's text is all of the record's, or its beginning.
bool begins(const std::optional<std::string>& whole, const std::optional<std::string>& beginning,
            int64_t bytes) {
  if (!whole || !beginning) return whole.has_value() == beginning.has_value();
  return std::ssize(*whole) == bytes && whole->starts_with(*beginning);
}

}  // namespace

std::optional<std::string> header_of(const log::ConsumedRecord& record, std::string_view name) {
  for (const auto& [key, value] : record.headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string text_of(const LetterId& id) {
  return fmt::format("{}/{}/{}", events::kDeadLetterTopic, id.partition, id.offset);
}

Result<LetterId> letter_id_of(std::string_view text) {
  std::string all(text);
  std::replace(all.begin(), all.end(), '-', '/');
  std::string_view rest = all;
  const std::string topic = std::string(events::kDeadLetterTopic) + "/";
  if (rest.starts_with(topic)) rest.remove_prefix(topic.size());
  const size_t slash = rest.find('/');
  const auto partition = whole_number(rest.substr(0, slash));
  const auto offset =
      slash == std::string_view::npos ? std::nullopt : whole_number(rest.substr(slash + 1));
  if (!partition || !offset || *partition < 0 || *partition > INT32_MAX || *offset < 0) {
    return Error(ApiErrc::bad_request,
                 fmt::format("'{}' is no id of a dead letter; give {}/PARTITION/OFFSET, as list "
                             "shows it",
                             text, events::kDeadLetterTopic));
  }
  return LetterId{static_cast<int32_t>(*partition), *offset};
}

std::string DeadLetter::place() const { return fmt::format("{}/{}/{}", topic, partition, offset); }

std::optional<DeadLetter> letter_of(const log::ConsumedRecord& record) {
  const auto topic = header_of(record, "dead_letter_topic");
  const auto partition = number_of(record, "dead_letter_partition");
  const auto offset = number_of(record, "dead_letter_offset");
  const auto group = header_of(record, "dead_letter_group");
  if (!topic || !partition || !offset || !group) return std::nullopt;
  DeadLetter letter;
  letter.id = {record.partition, record.offset};
  letter.time_ms = record.timestamp_ms;
  letter.group = *group;
  letter.error = header_of(record, "dead_letter_error").value_or("");
  letter.attempts = number_of(record, "dead_letter_attempts").value_or(1);
  letter.topic = *topic;
  letter.partition = static_cast<int32_t>(*partition);
  letter.offset = *offset;
  letter.is_undecodable = header_of(record, "dead_letter_last_offset").has_value();
  letter.event_id = header_of(record, "ce_id").value_or("");
  letter.key = record.key;
  letter.value = record.value;
  letter.key_bytes = number_of(record, "dead_letter_key_bytes").value_or(0);
  letter.value_bytes = number_of(record, "dead_letter_value_bytes").value_or(0);
  return letter;
}

bool is_of(const log::ConsumedRecord& record, const DeadLetter& letter) {
  return record.offset == letter.offset && !record.undecodable &&
         begins(record.key, letter.key, letter.key_bytes) &&
         begins(record.value, letter.value, letter.value_bytes);
}

json::Value to_json(const DeadLetter& letter) {
  return {{"id", text_of(letter.id)},
          {"t_ms", letter.time_ms},
          {"group", letter.group},
          {"place", letter.place()},
          {"error", letter.error},
          {"attempts", letter.attempts},
          {"event_id", letter.event_id},
          {"replayed", letter.is_replayed},
          {"undecodable", letter.is_undecodable},
          {"key", letter.key},
          {"value", letter.value},
          {"key_bytes", letter.key_bytes},
          {"value_bytes", letter.value_bytes}};
}

}  // namespace hailstorm::lab
