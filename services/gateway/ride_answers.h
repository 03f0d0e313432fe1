#pragma once

#include <string>

#include "common/base/error.h"
#include "common/http/http.h"
#include "services/gateway/ride_body.h"

/// What a rider is answered on both lanes. Safe from any thread.
namespace hailstorm::gateway {

/// The problem with its field.
[[nodiscard]] http::Response refusal(const RequestProblem& problem);

/// 202, with the ride's place.
[[nodiscard]] http::Response accepted_answer(const std::string& ride_id);

/// 409: the key was used for another ride.
[[nodiscard]] http::Response reused_key_problem();

/// 503 (try again) or 500: the gateway's own store failed. 422: no log takes the ride's event.
/// Nothing was accepted.
[[nodiscard]] http::Response store_problem(const Error& error);

}  // namespace hailstorm::gateway
