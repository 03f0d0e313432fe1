#include "services/city/errors.h"

namespace hailstorm::city {

std::string_view name_of(CityErrc code) {
  switch (code) {
    case CityErrc::cannot_read:
      return "cannot_read";
    case CityErrc::cannot_copy:
      return "cannot_copy";
    case CityErrc::unknown_format:
      return "unknown_format";
    case CityErrc::no_usable_row:
      return "no_usable_row";
    case CityErrc::too_many_rows:
      return "too_many_rows";
    case CityErrc::too_many_trips:
      return "too_many_trips";
    case CityErrc::stopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace hailstorm::city
