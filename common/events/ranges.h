#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/events/events.h"

/// The values that an event may have. Checked by all that accept events: the gateway, each hop of
/// the coupled lane, each reader of the log. Pure functions: safe from any thread.
namespace hailstorm::events {

/// An id of a ride, rider, driver or hold: 1 to this many bytes, none of them a control character.
inline constexpr size_t kMaxIdBytes = 400;
inline constexpr size_t kMaxReasonBytes = 1'000;
inline constexpr size_t kMaxSourceBytes = 400;
/// A hold is not negative and not above this: a million. A ride around half the earth costs less.
inline constexpr int64_t kMaxAmountCents = 100'000'000;

/// The latest event time that the gateway accepts at `now_ms`: a day ahead.
[[nodiscard]] int64_t latest_accepted_ms(int64_t now_ms);
/// The latest one that is read from the log or taken from another hop: an hour more, because this
/// machine's clock may be slower than the one of the gateway that accepted the ride.
[[nodiscard]] int64_t latest_readable_ms(int64_t now_ms);

[[nodiscard]] bool is_latitude(double degrees);
[[nodiscard]] bool is_longitude(double degrees);
/// From 1970 to `latest_ms`.
[[nodiscard]] bool is_event_time(int64_t time_ms, int64_t latest_ms);
/// True for a W3C traceparent of version 00.
[[nodiscard]] bool is_traceparent(std::string_view text);

/// Pickup and drop-off of a matched ride may be up to 60 days later than `latest_ms`: the way
/// around half the earth takes that long. Error bad_field: names the first field that is out of its
/// range, and the range.
[[nodiscard]] Status check_ranges(const Payload& payload, int64_t latest_ms);
/// The same for source and time of an event. Error bad_field: names the header.
[[nodiscard]] Status check_attributes(const Event& event, int64_t latest_ms);

}  // namespace hailstorm::events
