#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::lab {

enum class TokenErrc { unusable };
[[nodiscard]] std::string_view name_of(TokenErrc code);

/// The token that gives power over processes: the first line of `file`, at least 16 characters.
[[nodiscard]] Result<std::string> read_token(const std::string& file);

/// The token of `file`; where that is empty and `fallback` is named, the one of `fallback`.
[[nodiscard]] Result<std::string> read_token(const std::string& file, const std::string& fallback);

/// Makes a random token in `fallback`, unless `file` has one or `fallback` is there already.
[[nodiscard]] Status make_token(const std::string& file, const std::string& fallback);

/// Writes `token` for its owner's eyes alone, whole or not at all. With `keep`, one that is there
/// already stays: of several that come at once, one wins.
[[nodiscard]] Status write_token(const std::string& file, const std::string& token,
                                 bool keep = false);

}  // namespace hailstorm::lab
