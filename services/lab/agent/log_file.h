#pragma once

#include <string>

#include "common/base/result.h"

namespace hailstorm::lab {

/// A file that is opened for appending, its owner's alone; made if missing. `file`: a path below
/// `folder`, or relative to it. No link is followed below `folder`, and the file is a regular one.
/// `folder` empty: any file of the caller's choice. Gives the descriptor. Error cannot_start.
///
/// Thread safety: safe.
[[nodiscard]] Result<int> open_log(const std::string& folder, const std::string& file);

}  // namespace hailstorm::lab
