#include "broker/cli/start_point.h"

#include <fmt/format.h>

#include "common/base/clock.h"

namespace hailstorm::cli {

Result<StartPoint> parse_start_point(const std::string& text) {
  return log::parse_start_point(text, SystemClock().wall_ms());
}

TextCheck start_point_check() {
  return {log::kStartPoints, "PLACE",
          [](const auto& text) { return parse_start_point(text).ok(); }};
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

}  // namespace hailstorm::cli
