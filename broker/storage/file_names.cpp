#include "broker/storage/file_names.h"

#include <charconv>

#include "common/wire/topic_name.h"

namespace hailstorm::storage::file_names {
namespace {

constexpr size_t kDigits = 20;

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value);
  if (failed != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string segment_file(int64_t base_offset, std::string_view suffix) {
  const std::string digits = std::to_string(base_offset);
  return std::string(kDigits - digits.size(), '0') + digits + std::string(suffix);
}

std::optional<int64_t> parse_segment_file(std::string_view name, std::string_view suffix) {
  if (name.size() != kDigits + suffix.size() || name.substr(kDigits) != suffix) return std::nullopt;
  return parse_number<int64_t>(name.substr(0, kDigits));
}

std::string partition_folder(const std::string& topic, int32_t partition) {
  return topic + "-" + std::to_string(partition);
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::optional<wire::TopicPartition> parse_partition_folder(std::string_view name) {
  const size_t dash = name.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto partition = parse_number<int32_t>(name.substr(dash + 1));
  const std::string topic(name.substr(0, dash));
  if (!partition || !wire::is_topic_name(topic) || partition_folder(topic, *partition) != name)
    return std::nullopt;
  return wire::TopicPartition{topic, *partition};
}

}  // namespace hailstorm::storage::file_names
