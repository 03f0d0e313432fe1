#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/events/events.h"

/// What a rider sends, checked field by field before anything is done. Pure functions: safe from
/// any thread.
namespace hailstorm::gateway {

inline constexpr size_t kMaxBodyBytes = 64 << 10;
inline constexpr size_t kMaxRiderIdChars = 100;
inline constexpr size_t kMaxKeyChars = 200;

/// Why a request is refused: the HTTP status, the field ("pickup.lat", "body", a header's name) and
/// a sentence for the rider.
struct RequestProblem {
  int status = 0;
  std::string field;
  std::string detail;
};

/// What a body asks for.
struct RideRequest {
  events::RideRequested ride;  // its ride_id is still empty
  bool has_time = false;       // false: requested_at was left out, and is the time of the request
};

/// The ride that `body` (JSON) asks for, or the first thing that is wrong: 400 malformed, 413 too
/// large, 422 a field that is missing, unknown, repeated, of the wrong type or out of its range
/// (events/ranges.h) at `now_ms`. Only requested_at may be left out. Memory is bounded by the size
/// of the body, nesting by the two levels that a ride has.
[[nodiscard]] std::variant<RideRequest, RequestProblem> parse_ride(std::string_view body,
                                                                   int64_t now_ms);

/// 415 unless it is application/json, with or without parameters.
[[nodiscard]] std::optional<RequestProblem> check_content_type(
    const std::optional<std::string>& content_type);

/// 400 unless it has 1..200 printable ASCII characters. No key at all is fine.
[[nodiscard]] std::optional<RequestProblem> check_idempotency_key(
    const std::optional<std::string>& key);

}  // namespace hailstorm::gateway
