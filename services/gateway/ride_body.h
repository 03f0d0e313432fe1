#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "common/events/events.h"

/// What a rider sends as JSON, checked field by field before anything is done. Pure functions: safe
/// from any thread.
namespace hailstorm::gateway {

inline constexpr size_t kMaxBodyBytes = 64 << 10;

/// Why a request is refused: the HTTP status, the field ("pickup.lat", "body", a header's name) and
/// a sentence for the rider.
struct RequestProblem {
  int status = 0;
  std::string field;
  std::string detail;
};

/// What a body asks for.
struct RideBody {
  events::RideRequested ride;  // its ride_id is still empty
  bool has_time = false;       // false: requested_at was left out, and is the time of the request
};

/// The ride that `body` (JSON) asks for, or the first thing that is wrong: 400 malformed, 413 too
/// large, 422 a field that is missing, unknown, repeated, of the wrong type or out of its range
/// (events/ranges.h) at `now_ms`. Only requested_at may be left out. Memory is bounded by the size
/// of the body, nesting by the two levels that a ride has.
[[nodiscard]] std::variant<RideBody, RequestProblem> parse_ride_body(std::string_view body,
                                                                     int64_t now_ms);

}  // namespace hailstorm::gateway
