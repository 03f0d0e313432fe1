#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <initializer_list>
#include <string_view>

#include "common/base/log_field.h"

/// A line of the log as one JSON object, but for its time stamp. Pure functions: safe from any
/// thread.
namespace hailstorm {

/// The line's beginning, which also is its kind: level, service, message, and the fields of
/// distinct_by().
[[nodiscard]] fmt::memory_buffer begin_log_line(LogLevel level, std::string_view service,
                                                std::string_view message,
                                                std::initializer_list<LogField> fields);
void append_field(fmt::memory_buffer& line, const LogField& field);
/// How many lines of this kind were held back.
void append_suppressed(fmt::memory_buffer& line, uint64_t count);

}  // namespace hailstorm
