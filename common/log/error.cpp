#include <fmt/format.h>

#include "common/log/log.h"

namespace hailstorm::log {

std::string_view name_of(LogErrc code) {
  switch (code) {
    case LogErrc::unavailable:
      return "unavailable";
    case LogErrc::not_now:
      return "not_now";
    case LogErrc::unknown_outcome:
      return "unknown_outcome";
    case LogErrc::unknown_topic:
      return "unknown_topic";
    case LogErrc::offset_out_of_range:
      return "offset_out_of_range";
    case LogErrc::fenced:
      return "fenced";
    case LogErrc::refused:
      return "refused";
    case LogErrc::corrupt:
      return "corrupt";
    case LogErrc::undecodable:
      return "undecodable";
    case LogErrc::storage_error:
      return "storage_error";
    case LogErrc::closed:
      return "closed";
  }
  return "unknown";
}

std::string to_text(int64_t first_offset, const Undecodable& place) {
  if (first_offset == place.last_offset)
    return fmt::format("offset {} holds no record that can be decoded: {}", first_offset,
                       place.why);
  return fmt::format("offsets {} to {} hold no records that can be decoded: {}", first_offset,
                     place.last_offset, place.why);
}

}  // namespace hailstorm::log
