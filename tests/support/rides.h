#pragma once

#include <string>
#include <utility>

#include "common/events/events.h"

namespace hailstorm::testing {

/// A short ride through lower Manhattan.
inline events::RideRequested ride(const std::string& id,
                                  int64_t requested_at_ms = 1'396'310'400'000) {
  return {id, "rider-" + id, {40.7128, -74.0060}, {40.7306, -73.9866}, requested_at_ms};
}

inline events::Event event(events::Payload payload, int64_t time_ms = 1'396'310'400'000) {
  return events::make_event("/test", time_ms, std::move(payload));
}

}  // namespace hailstorm::testing
