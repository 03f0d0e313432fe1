#include "common/service/dead_letter.h"

#include <fmt/format.h>
#include <utility>

namespace hailstorm::service {
namespace {

constexpr std::string_view kPrefix = "dead_letter_";

std::optional<std::string> beginning(const std::optional<std::string>& text, size_t max_bytes) {
  if (!text) return std::nullopt;
  return text->substr(0, max_bytes);
}

/// The record's own headers, in order, without those that would be too much; `left_out` counts
/// these.
log::Headers own_headers(const log::Headers& headers, size_t& left_out) {
  log::Headers kept;
  size_t bytes = 0;
  for (const auto& [name, value] : headers) {
    if (name.starts_with(kPrefix)) continue;
    const size_t more = name.size() + value.value_or("").size() + wire::kHeaderOverheadBytes;
    if (bytes + more > kLetterHeadersBytes) {
      ++left_out;
      continue;
    }
    bytes += more;
    kept.emplace_back(name, value);
  }
  return kept;
}

}  // namespace

std::string shortened_text(const std::string& text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  return fmt::format("{}… ({} bytes in all)", text.substr(0, max_bytes), text.size());
}

log::Record dead_letter_of(const log::ConsumedRecord& record, const std::string& group,
                           const Error& error, int64_t attempts) {
  size_t left_out = 0;
  log::Record letter;
  letter.key = beginning(record.key, kLetterKeyBytes);
  letter.value = beginning(record.value, kLetterValueBytes);
  letter.headers = own_headers(record.headers, left_out);
  const auto say = [&letter](const char* what, std::string value) {
    letter.headers.emplace_back(std::string(kPrefix) + what, std::move(value));
  };
  say("topic", record.topic);
  say("partition", std::to_string(record.partition));
  say("offset", std::to_string(record.offset));
  if (record.undecodable) say("last_offset", std::to_string(record.undecodable->last_offset));
  say("group", group);
  say("error", shortened_text(error.message(), kLetterErrorBytes));
  say("attempts", std::to_string(attempts));
  if (record.key) say("key_bytes", std::to_string(record.key->size()));
  if (record.value) say("value_bytes", std::to_string(record.value->size()));
  if (left_out > 0) say("headers_left_out", std::to_string(left_out));
  return letter;
}

}  // namespace hailstorm::service
