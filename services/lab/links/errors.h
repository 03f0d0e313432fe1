#pragma once

#include <string_view>

namespace hailstorm::lab {

/// How the relay of a link fails to begin.
enum class LinkErrc {
  cannot_listen,  // the operating system gives no port, or no descriptor
  unknown_link,   // there is no link of this name
};
[[nodiscard]] std::string_view name_of(LinkErrc code);

}  // namespace hailstorm::lab
