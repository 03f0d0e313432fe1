#pragma once

#include <string_view>

namespace hailstorm::lab {

/// The file story.yaml, as it was when this was built. Safe from any thread.
[[nodiscard]] std::string_view story_text();

}  // namespace hailstorm::lab
