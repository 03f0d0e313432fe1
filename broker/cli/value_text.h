#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/text.h"
#include "common/json/bytes_member.h"
#include "common/json/json.h"

/// Bytes of a record as text for people. It cannot move a terminal's cursor, change its colours, or
/// reorder its text.
namespace hailstorm::cli {

/// UTF-8 throughout, and no control characters but tabs and line ends.
[[nodiscard]] bool is_text(std::string_view bytes);

/// The JSON object or array on one line, or in lines of two spaces a level; every token is as it
/// was, also numbers that no program could keep. Nothing where it is none, or nested more than 64
/// deep.
[[nodiscard]] std::optional<std::string> compact_json(std::string_view bytes);
[[nodiscard]] std::optional<std::string> pretty_json(std::string_view bytes);

/// A key, value or header on one line: JSON compact, "(null)" where there is none, "(empty)" where
/// there are no bytes.
[[nodiscard]] std::string line_text(const std::optional<std::string_view>& bytes);

/// The same over several lines, each with `indent` before it and a line end: JSON pretty, text as
/// it is, other bytes as rows of hexadecimal with the characters beside them. Says how many bytes
/// there are beyond 64 KiB.
[[nodiscard]] std::string block_text(const std::optional<std::string_view>& bytes,
                                     std::string_view indent);

}  // namespace hailstorm::cli
