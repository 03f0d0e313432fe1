#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "common/events/events.h"
#include "common/http/http.h"
#include "services/gateway/ride_body.h"

namespace hailstorm::gateway {

inline constexpr size_t kMaxKeyChars = 200;

/// A rider's request that is in order, of either lane.
struct RideRequest {
  events::RideRequested ride;   // with its id
  std::string idempotency_key;  // empty: none was given
  std::string traceparent;      // the caller's, or one whose trace id is the ride's
  bool has_time = false;        // false: the rider left the time out; it is that of the request
};

/// Reads headers and body at this time, or gives the first thing that is wrong: as
/// parse_ride_body(), 415 for a Content-Type other than JSON, 400 for an Idempotency-Key that has
/// not 1 to kMaxKeyChars printable ASCII characters. Safe from any thread.
[[nodiscard]] std::variant<RideRequest, RequestProblem> read_ride_request(
    const http::Request& request, int64_t now_ms);

}  // namespace hailstorm::gateway
