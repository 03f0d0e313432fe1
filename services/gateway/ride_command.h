#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "common/events/events.h"
#include "common/http/http.h"
#include "services/gateway/store.h"

/// What both lanes do with a rider's request before they part. Safe from any thread.
namespace hailstorm::gateway {

/// A request that is in order.
struct RideCommand {
  events::RideRequested ride;   // with its id
  std::string idempotency_key;  // empty: none was given
  std::string traceparent;      // the caller's, or one whose trace id is the ride's
  bool has_time = false;        // false: the rider left the time out; it is that of the request
};

/// Checks headers and body at this time; a problem that names the field if something is wrong.
[[nodiscard]] std::variant<RideCommand, http::Response> read_ride(const http::Request& request,
                                                                  int64_t now_ms);

/// A request that repeats a key of an accepted ride asks for the very same ride. The time counts
/// only where the request has one: a repetition without a time is made later.
[[nodiscard]] bool asks_the_same(const AcceptedRide& accepted, const RideCommand& command);

/// 409: the key was used for another ride.
[[nodiscard]] http::Response reused_key_problem();

/// 503 (try again) or 500: the gateway's own store failed. 422: no log takes the ride's event.
/// Nothing was accepted.
[[nodiscard]] http::Response store_problem(const Error& error);

}  // namespace hailstorm::gateway
