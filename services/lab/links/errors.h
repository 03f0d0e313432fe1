#pragma once

#include <string_view>

namespace hailstorm::lab {

/// How a link's proxy fails to begin.
enum class LinkErrc { cannot_listen };
[[nodiscard]] std::string_view name_of(LinkErrc code);

}  // namespace hailstorm::lab
