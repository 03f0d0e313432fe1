#include "broker/cli/start_point.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "common/base/number_text.h"
#include "common/base/time_text.h"

namespace hailstorm::cli {
namespace {

constexpr const char* kStartPoints =
    "earliest, latest, an offset like 42 or a time like 2014-04-01T00:11:00Z";

/// From the start of the log to its end.
int64_t within(int64_t offset, int64_t start, int64_t end) {
  return std::clamp(offset, start, std::max(start, end));
}

}  // namespace

Result<StartPoint> parse_start_point(const std::string& text) {
  if (text == "earliest") return StartPoint{StartPoint::Kind::earliest, 0};
  if (text == "latest") return StartPoint{StartPoint::Kind::latest, 0};
  const auto offset = whole_number(text);
  if (offset && *offset >= 0) return StartPoint{StartPoint::Kind::offset, *offset};
  if (const auto time_ms = parse_time(text)) return StartPoint{StartPoint::Kind::time, *time_ms};
  return Error(log::LogErrc::refused,
               fmt::format("'{}' is no place in a log; give {}", text, kStartPoints));
}

TextCheck start_point_check() {
  return {kStartPoints, "PLACE", [](const auto& text) { return parse_start_point(text).ok(); }};
}

Status check_group_start(const std::optional<std::string>& group, const std::string& from,
                         const std::string& topic) {
  if (!group || from.empty()) return {};
  HAIL_ASSIGN_OR_RETURN(const StartPoint point, parse_start_point(from));
  if (point.kind != StartPoint::Kind::offset && point.kind != StartPoint::Kind::time) return {};
  return Error(
      log::LogErrc::refused,
      fmt::format("a group goes on where it committed; move it with 'hail groups reset {} --to {} "
                  "--topic {}' first, then consume without --from",
                  *group, from, topic));
}

Result<log::FoundOffsets> resolve(log::Admin& admin, const StartPoint& point,
                                  const std::vector<log::TopicPartition>& ids) {
  switch (point.kind) {
    case StartPoint::Kind::earliest:
      return admin.offsets_at(ids, log::kEarliest);
    case StartPoint::Kind::latest:
      return admin.offsets_at(ids, log::kLatest);
    case StartPoint::Kind::time:
      return admin.offsets_at(ids, point.value);
    case StartPoint::Kind::offset:
      break;
  }
  HAIL_ASSIGN_OR_RETURN(log::FoundOffsets found, admin.offsets_at(ids, log::kEarliest));
  HAIL_ASSIGN_OR_RETURN(const log::FoundOffsets latest, admin.offsets_at(ids, log::kLatest));
  std::map<log::TopicPartition, int64_t> ends;
  for (const log::Position& position : latest.positions) ends[position.id] = position.offset;
  for (log::Position& position : found.positions)
    position.offset = within(point.value, position.offset, ends[position.id]);
  return found;
}

}  // namespace hailstorm::cli
