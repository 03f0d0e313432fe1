#include <fmt/format.h>

#include "common/base/enum_name.h"
#include "common/log/types.h"

namespace hailstorm::log {

std::string_view name_of(LogErrc code) { return enum_name(code); }

std::string to_text(int64_t first_offset, const Undecodable& place) {
  if (first_offset == place.last_offset)
    return fmt::format("offset {} holds no record that can be decoded: {}", first_offset,
                       place.why);
  return fmt::format("offsets {} to {} hold no records that can be decoded: {}", first_offset,
                     place.last_offset, place.why);
}

}  // namespace hailstorm::log
