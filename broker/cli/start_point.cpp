#include "broker/cli/start_point.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "broker/cli/time_text.h"
#include "common/base/number_text.h"

namespace hailstorm::cli {
namespace {

constexpr const char* kStartPoints =
    "earliest, latest, an offset like 42 or a time like 2014-04-01T00:11:00Z";

using Offsets = std::map<log::TopicPartition, int64_t>;

Result<Offsets> ask(log::Admin& admin, const std::vector<log::TopicPartition>& ids,
                    int64_t timestamp_ms) {
  HAIL_ASSIGN_OR_RETURN(const auto positions, admin.offsets_at(ids, timestamp_ms));
  Offsets offsets;
  for (const log::Position& position : positions) offsets[position.id] = position.offset;
  return offsets;
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

Result<std::vector<log::Position>> resolve(log::Admin& admin, const StartPoint& point,
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
  HAIL_ASSIGN_OR_RETURN(const Offsets starts, ask(admin, ids, log::kEarliest));
  HAIL_ASSIGN_OR_RETURN(const Offsets ends, ask(admin, ids, log::kLatest));
  std::vector<log::Position> positions;
  for (const auto& [id, start] : starts) {
    positions.push_back({id, std::clamp(point.value, start, std::max(start, ends.at(id)))});
  }
  return positions;
}

}  // namespace hailstorm::cli
