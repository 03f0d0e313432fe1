#pragma once

#include <string>
#include <string_view>

namespace hailstorm::testing {

/// The bytes that `text` (RFC 4648 §4) stands for; what is none of its characters is passed over.
[[nodiscard]] std::string from_base64(std::string_view text);

}  // namespace hailstorm::testing
