#pragma once

#include <string_view>

namespace hailstorm::city {

enum class CityErrc {
  cannot_read,     // not there, not readable, or a read failed in the middle
  cannot_copy,     // what was read could not be written to the copy
  unknown_format,  // no text, or a first line that is neither a header nor a row
  no_usable_row,
  too_many_rows,
  too_many_trips,  // more than the file gives
  stopped,
};
[[nodiscard]] std::string_view name_of(CityErrc code);

}  // namespace hailstorm::city
