#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::testing {

enum class RoomErrc { disk, memory };
[[nodiscard]] std::string_view name_of(RoomErrc code);

/// Whether there is room for a benchmark that writes and keeps this much: a tenth of the free disk
/// and a quarter of the free memory must stay free. The error says how much there is and what to
/// do.
[[nodiscard]] Status check_room(int64_t disk_bytes, int64_t memory_bytes);

}  // namespace hailstorm::testing
