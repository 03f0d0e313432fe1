#pragma once

#include <optional>
#include <string>

#include "common/base/options.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/log/rewind/start_point.h"

namespace hailstorm::cli {

using log::StartPoint;

/// As the user wrote it, now. Error refused: says what is understood.
[[nodiscard]] Result<StartPoint> parse_start_point(const std::string& text);

/// What --from and --to take.
[[nodiscard]] TextCheck start_point_check();

/// A group's members cannot choose an offset or a time to start at. Error refused: says how to move
/// the group instead.
[[nodiscard]] Status check_group_start(const std::optional<std::string>& group,
                                       const std::string& from, const std::string& topic);

}  // namespace hailstorm::cli
