#include "common/log/record_check.h"

#include <fmt/format.h>

#include "common/base/text.h"
#include "common/wire/topic_name.h"

namespace hailstorm::log {
namespace {

constexpr size_t kShownNameBytes = 100;

Status check_topic_name(const std::string& topic) {
  if (topic.empty()) return Error(LogErrc::refused, "a record needs a topic");
  if (!wire::is_topic_name(topic)) {
    return Error(LogErrc::refused,
                 fmt::format("no topic can be named '{}': {}",
                             printable(topic.substr(0, kShownNameBytes)), wire::kTopicNameRule));
  }
  if (!wire::is_internal_topic(topic)) return {};
  return Error(LogErrc::refused,
               fmt::format("topic '{}' is the broker's own; nobody else may write to it", topic));
}

template <class AnyRecord>
Status check(const std::string& topic, const AnyRecord& record) {
  HAIL_RETURN_IF_ERROR(check_topic_name(topic));
  const int64_t bytes = record_bytes(record);
  if (bytes <= kMaxRecordBytes) return {};
  return Error(LogErrc::refused,
               fmt::format("a record of {} bytes (key, value and headers) for topic '{}' is too "
                           "large: the limit is {}; make it smaller",
                           bytes, topic, kMaxRecordBytes));
}

}  // namespace

int64_t record_bytes(const Record& record) {
  size_t bytes = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  for (const auto& [name, value] : record.headers)
    bytes += name.size() + (value ? value->size() : 0) + wire::kHeaderOverheadBytes;
  return static_cast<int64_t>(bytes);
}

int64_t record_bytes(const RecordView& record) {
  return static_cast<int64_t>(record.key.value_or("").size() + record.value.value_or("").size());
}

Status check_record(const std::string& topic, const Record& record) { return check(topic, record); }
Status check_record(const std::string& topic, const RecordView& record) {
  return check(topic, record);
}

}  // namespace hailstorm::log
