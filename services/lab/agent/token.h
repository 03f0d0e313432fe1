#pragma once

#include <string>

#include "common/base/result.h"

namespace hailstorm::lab {

/// The token that gives power over an agent's processes: the one of `file`; where no file is named
/// or it is empty, the one of `fallback`, which is made where it is not there. A file that is there
/// and cannot be read is not empty: it is refused. Errors: TokenErrc.
[[nodiscard]] Result<std::string> agent_token(const std::string& file, const std::string& fallback);

}  // namespace hailstorm::lab
