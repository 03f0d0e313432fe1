#pragma once

#include <cstddef>
#include <string_view>

#include "common/base/result.h"
#include "common/json/json.h"

namespace hailstorm::lab {

/// What a word without quotes means in YAML: null, true, false, a number, or itself. Error
/// bad_file: readers of YAML 1.1 would take it for something else than it looks like (yes, 017,
/// 1:30, 2026-01-01); it needs quotes. Safe from any thread.
[[nodiscard]] Result<json::Value> plain_word(std::string_view word, size_t line);

}  // namespace hailstorm::lab
