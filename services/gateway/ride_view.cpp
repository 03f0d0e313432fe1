#include "services/gateway/ride_view.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/time_text.h"
#include "common/json/json.h"

namespace hailstorm::gateway {
namespace {

json::Value point_json(const events::GeoPoint& point) {
  return {{"lat", point.lat}, {"lon", point.lon}};
}

json::Value entry_json(std::string_view type, int64_t time_ms) {
  return {{"type", type}, {"time", time_text(time_ms)}};
}

const TimelineEntry* find(const std::vector<TimelineEntry>& outcomes, std::string_view type) {
  const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                  [type](const TimelineEntry& one) { return one.type == type; });
  return found == outcomes.end() ? nullptr : &*found;
}

/// The driver was not found for want of money: the decline is the cause.
bool unmatched_for_decline(const TimelineEntry& unmatched) {
  const auto payload = events::from_json(unmatched.type, unmatched.payload_json);
  if (!payload.ok()) return false;
  const auto* ride = std::get_if<events::RideUnmatched>(&*payload);
  return ride != nullptr && ride->reason == events::PaymentDeclined::kType;
}

}  // namespace

std::string accepted_json(std::string_view ride_id) {
  return fmt::format(R"({{"ride_id":"{}","status":"accepted"}})", ride_id);
}

std::string status_of(const std::vector<TimelineEntry>& outcomes) {
  const bool declined = find(outcomes, events::PaymentDeclined::kType) != nullptr;
  const TimelineEntry* unmatched = find(outcomes, events::RideUnmatched::kType);
  if (unmatched != nullptr) return unmatched_for_decline(*unmatched) ? "declined" : "unmatched";
  if (declined) return "declined";
  const bool matched = find(outcomes, events::RideMatched::kType) != nullptr;
  const bool authorized = find(outcomes, events::PaymentAuthorized::kType) != nullptr;
  if (matched && authorized) return "confirmed";
  if (matched) return "matched";
  return authorized ? "authorized" : "requested";
}

std::string ride_json(const AcceptedRide& accepted, const std::vector<TimelineEntry>& outcomes) {
  const events::RideRequested& ride = accepted.ride;
  json::Value timeline = json::Value::array();
  timeline.push_back(entry_json(events::RideRequested::kType, ride.requested_at_ms));
  for (const TimelineEntry& outcome : outcomes) {
    json::Value entry = entry_json(outcome.type, outcome.time_ms);
    const auto payload = json::parse(outcome.payload_json);
    if (payload.ok() && payload->members() != nullptr) {
      for (const auto& [name, value] : *payload->members()) {
        if (name != "ride_id" && name != "rider_id") entry.set(name, value);
      }
    }
    timeline.push_back(std::move(entry));
  }
  const json::Value view = {{"ride_id", ride.ride_id},
                            {"rider_id", ride.rider_id},
                            {"status", status_of(outcomes)},
                            {"pickup", point_json(ride.pickup)},
                            {"dropoff", point_json(ride.dropoff)},
                            {"requested_at", time_text(ride.requested_at_ms)},
                            {"timeline", timeline}};
  return json::to_text(view);
}

}  // namespace hailstorm::gateway
