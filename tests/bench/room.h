#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::testing {

enum class RoomErrc { disk, memory };
[[nodiscard]] std::string_view name_of(RoomErrc code);

/// Whether a benchmark that will write and keep so much may begin: a tenth of the disk and a
/// quarter of the memory that are free now must stay free. The error says what is there and what to
/// do.
[[nodiscard]] Status check_room(int64_t disk_bytes, int64_t memory_bytes);

}  // namespace hailstorm::testing
