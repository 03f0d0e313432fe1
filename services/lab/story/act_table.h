#pragma once

#include <string>
#include <vector>

#include "services/lab/story/act_run.h"

namespace hailstorm::lab {

/// The heading and one row per lane, for people.
[[nodiscard]] std::vector<std::string> act_table(const ActResult& result);

}  // namespace hailstorm::lab
