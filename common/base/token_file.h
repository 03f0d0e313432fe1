#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

/// Files that hold a secret which one process shows to another. Any thread may call these.
namespace hailstorm {

enum class TokenErrc { unusable };
[[nodiscard]] std::string_view name_of(TokenErrc code);

/// The first line of `file`: 16 to 1,024 visible ASCII characters. Error unusable says what to do.
[[nodiscard]] Result<std::string> read_token(const std::string& file);

/// 256 bits from the operating system, as 64 hexadecimal digits.
[[nodiscard]] std::string random_token();

/// Writes `token` for its owner's eyes alone, whole or not at all. With `keep`, one that is there
/// already stays: of several that come at once, one wins.
[[nodiscard]] Status write_token(const std::string& file, const std::string& token,
                                 bool keep = false);

/// The token of `file`, which is made where there is no such file.
[[nodiscard]] Result<std::string> read_or_make_token(const std::string& file);

/// Whether the texts are equal, in a time that does not show how much of them is.
[[nodiscard]] bool is_same_secret(std::string_view one, std::string_view other);

}  // namespace hailstorm
