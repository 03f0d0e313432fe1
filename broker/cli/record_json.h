#pragma once

#include <string>
#include <string_view>

#include "common/log/log.h"

/// Records as lines of JSON: `hail consume --json` prints them, `hail produce --json` reads them.
/// Bytes that are no UTF-8 stand in a member NAME_hex beside NAME, null is not the same as empty,
/// and headers keep their order and repeat: no byte is lost on the way.
namespace hailstorm::cli {

inline constexpr size_t kMaxJsonLineBytes = 64 << 20;  // the largest record of binary bytes fits

/// On one line, without its line end.
[[nodiscard]] std::string to_json_line(const log::ConsumedRecord& record);

/// The record of such a line; topic and offset are passed over. Error refused: no JSON, no object,
/// a member that is unknown, twice there, or of the wrong kind, or no value.
[[nodiscard]] Result<log::Record> record_from_json(std::string_view line);

}  // namespace hailstorm::cli
