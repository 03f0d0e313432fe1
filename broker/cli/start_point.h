#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/options.h"
#include "common/base/result.h"
#include "common/log/log.h"

namespace hailstorm::cli {

/// A place in a log as a user names it: earliest, latest, an offset, or a time.
struct StartPoint {
  enum class Kind { earliest, latest, offset, time };
  Kind kind = Kind::earliest;
  int64_t value = 0;  // the offset, or milliseconds since 1970
};

/// Error refused: says what is understood.
[[nodiscard]] Result<StartPoint> parse_start_point(const std::string& text);

/// What --from and --to take.
[[nodiscard]] TextCheck start_point_check();

/// A group's members cannot choose an offset or a time to start at. Error refused: says how to move
/// the group instead.
[[nodiscard]] Status check_group_start(const std::optional<std::string>& group,
                                       const std::string& from, const std::string& topic);

/// The offset of `point` in each partition that is not closed; an offset outside of a partition
/// becomes its nearer end.
[[nodiscard]] Result<log::FoundOffsets> resolve(log::Admin& admin, const StartPoint& point,
                                                const std::vector<log::TopicPartition>& ids);

}  // namespace hailstorm::cli
