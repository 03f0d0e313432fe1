#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"

/// A place in a log as a user names it. Safe from any thread; an Admin only from its own.
namespace hailstorm::log {

/// earliest, latest, an offset, or a time.
struct StartPoint {
  enum class Kind { earliest, latest, offset, time };
  Kind kind = Kind::earliest;
  int64_t value = 0;  // the offset, or milliseconds since 1970
};

inline constexpr const char* kStartPoints =
    "earliest, latest, an offset like 42, a time like 2014-04-01T00:11:00Z, or how long ago, like "
    "-30s";

/// `now_ms`: from when "-30s" counts back. Error refused: says what is understood.
[[nodiscard]] Result<StartPoint> parse_start_point(const std::string& text, int64_t now_ms);

/// The offset of `point` in each partition that is not closed; an offset outside of a partition
/// becomes its nearer end.
[[nodiscard]] Result<FoundOffsets> resolve(Admin& admin, const StartPoint& point,
                                           const std::vector<TopicPartition>& ids);

}  // namespace hailstorm::log
