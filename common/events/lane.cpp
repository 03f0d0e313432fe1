#include "common/events/lane.h"

#include "common/base/enum_name.h"

namespace hailstorm::events {

std::string_view name_of(Lane lane) { return enum_name(lane); }

std::optional<Lane> lane_named(std::string_view name) {
  for (const Lane lane : kLanes) {
    if (name == name_of(lane)) return lane;
  }
  return std::nullopt;
}

}  // namespace hailstorm::events
