#include "common/log/rewind/start_point.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "common/base/duration_text.h"
#include "common/base/number_text.h"
#include "common/base/time_text.h"

namespace hailstorm::log {
namespace {

/// From the start of the log to its end.
int64_t within(int64_t offset, int64_t start, int64_t end) {
  return std::clamp(offset, start, std::max(start, end));
}

}  // namespace

Result<StartPoint> parse_start_point(const std::string& text, int64_t now_ms) {
  if (text == "earliest") return StartPoint{StartPoint::Kind::earliest, 0};
  if (text == "latest") return StartPoint{StartPoint::Kind::latest, 0};
  const auto offset = whole_number(text);
  if (offset && *offset >= 0) return StartPoint{StartPoint::Kind::offset, *offset};
  if (const auto time_ms = parse_time(text)) return StartPoint{StartPoint::Kind::time, *time_ms};
  const auto ago_ms = text.starts_with('-') ? parse_duration(text.substr(1)) : std::nullopt;
  if (ago_ms) return StartPoint{StartPoint::Kind::time, std::max<int64_t>(now_ms - *ago_ms, 0)};
  return Error(LogErrc::refused,
               fmt::format("'{}' is no place in a log; give {}", text, kStartPoints));
}

Result<FoundOffsets> resolve(Admin& admin, const StartPoint& point,
                             const std::vector<TopicPartition>& ids) {
  switch (point.kind) {
    case StartPoint::Kind::earliest:
      return admin.offsets_at(ids, kEarliest);
    case StartPoint::Kind::latest:
      return admin.offsets_at(ids, kLatest);
    case StartPoint::Kind::time:
      return admin.offsets_at(ids, point.value);
    case StartPoint::Kind::offset:
      break;
  }
  HAIL_ASSIGN_OR_RETURN(FoundOffsets found, admin.offsets_at(ids, kEarliest));
  HAIL_ASSIGN_OR_RETURN(const FoundOffsets latest, admin.offsets_at(ids, kLatest));
  std::map<TopicPartition, int64_t> ends;
  for (const Position& position : latest.positions) ends[position.id] = position.offset;
  for (Position& position : found.positions)
    position.offset = within(point.value, position.offset, ends[position.id]);
  return found;
}

}  // namespace hailstorm::log
