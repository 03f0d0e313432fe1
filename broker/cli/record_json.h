#pragma once

#include <string>
#include <string_view>

#include "common/log/log.h"

/// Records as lines of JSON: `hail consume --json` prints them, `hail produce --json` reads them.
/// No byte is lost on the way: bytes that are no UTF-8 have a member NAME_hex beside NAME, null is
/// not the same as empty, and headers keep their order and may repeat.
namespace hailstorm::cli {

inline constexpr size_t kMaxJsonLineBytes = 64 << 20;  // the largest record of binary bytes fits

/// On one line, without its line end.
[[nodiscard]] std::string to_json_line(const log::ConsumedRecord& record);

/// The record of such a line; topic and offset are ignored. Error refused: no JSON, no object,
/// no value, or a member that is unknown, repeated, or of the wrong type.
[[nodiscard]] Result<log::Record> record_from_json(std::string_view line);

}  // namespace hailstorm::cli
