#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/events/events.h"

namespace hailstorm::service {

/// A ride on its way down the coupled lane, with what the hops before decided.
struct ChainRide {
  events::RideRequested requested;
  std::optional<events::Payload> matching;  // RideMatched or RideUnmatched
  std::optional<events::Payload> payment;   // PaymentAuthorized or PaymentDeclined
};

/// {"ride_requested":{…},"matching":{"type":…,…},"payment":{"type":…,…}}: each payload as the
/// events' own JSON; what was not decided yet is absent.
[[nodiscard]] std::string to_json(const ChainRide& ride);

/// The same, read: of one ride and rider, each value in its range (events/ranges.h) at `now_ms`.
/// Error EventErrc: the message names the member or field.
[[nodiscard]] Result<ChainRide> chain_ride_from(std::string_view json, int64_t now_ms);

/// The ride and what was decided about it, as the events that the log lane would have seen.
[[nodiscard]] std::vector<events::Event> events_of(const ChainRide& ride);

}  // namespace hailstorm::service
