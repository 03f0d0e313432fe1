#pragma once

#include <string_view>

namespace hailstorm::lab {

enum class ViewErrc {
  cannot_read,    // a file: names it
  not_recording,  // a file is no recording, or one of another version: names the line
};
[[nodiscard]] std::string_view name_of(ViewErrc code);

}  // namespace hailstorm::lab
