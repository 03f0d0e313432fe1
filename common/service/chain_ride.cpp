#include "common/service/chain_ride.h"

#include <fmt/format.h>
#include <utility>

#include "common/events/ranges.h"
#include "common/json/json.h"

namespace hailstorm::service {
namespace {

constexpr const char* kRequested = "ride_requested";
constexpr const char* kMatching = "matching";
constexpr const char* kPayment = "payment";
constexpr const char* kType = "type";

json::Value value_of(const events::Payload& payload) {
  return json::parse(events::to_json(payload)).value();
}

json::Value decided(const events::Payload& payload) {
  json::Value object = value_of(payload);
  object.set(kType, events::type_of(payload));
  return object;
}

Error bad(const std::string& member) {
  return {events::EventErrc::bad_field, "'" + member + "' is missing or is no object with a type"};
}

/// Values in their ranges, of the ride that was requested.
Status check_decided(const events::Payload& decided, const events::RideRequested& requested,
                     const char* member, int64_t latest_ms) {
  HAIL_RETURN_IF_ERROR(events::check_ranges(decided, latest_ms));
  if (events::ride_id_of(decided) == requested.ride_id &&
      events::rider_id_of(decided) == requested.rider_id) {
    return {};
  }
  return Error(events::EventErrc::contradiction,
               fmt::format("'{}' is of another ride or rider than '{}'", member, kRequested));
}

/// `Either` and `Or`: what may have been decided.
template <class Either, class Or>
Result<std::optional<events::Payload>> read_decided(const json::Value& ride, const char* member,
                                                    const events::RideRequested& requested,
                                                    int64_t latest_ms) {
  const json::Value* object = ride.find(member);
  if (object == nullptr) return std::optional<events::Payload>();
  const json::Value* type = object->find(kType);
  if (type == nullptr || type->text() == nullptr) return bad(member);
  HAIL_ASSIGN_OR_RETURN(auto payload, events::from_json(*type->text(), json::to_text(*object)));
  if (!std::holds_alternative<Either>(payload) && !std::holds_alternative<Or>(payload)) {
    return Error(events::EventErrc::unknown_type,
                 fmt::format("'{}' cannot be a {}", member, events::type_of(payload)));
  }
  HAIL_RETURN_IF_ERROR(check_decided(payload, requested, member, latest_ms));
  return std::optional<events::Payload>(std::move(payload));
}

}  // namespace

std::string to_json(const ChainRide& ride) {
  json::Value object = {{kRequested, value_of(ride.requested)}};
  if (ride.matching) object.add(kMatching, decided(*ride.matching));
  if (ride.payment) object.add(kPayment, decided(*ride.payment));
  return json::to_sorted_text(object);
}

Result<ChainRide> chain_ride_from(std::string_view text, int64_t now_ms) {
  const auto object = json::parse(text);
  const json::Value* asked = object.ok() ? object->find(kRequested) : nullptr;
  if (asked == nullptr) return bad(kRequested);
  HAIL_ASSIGN_OR_RETURN(auto requested,
                        events::from_json(events::RideRequested::kType, json::to_text(*asked)));
  const int64_t latest_ms = events::latest_readable_ms(now_ms);
  HAIL_RETURN_IF_ERROR(events::check_ranges(requested, latest_ms));
  ChainRide ride;
  ride.requested = std::get<events::RideRequested>(std::move(requested));
  HAIL_ASSIGN_OR_RETURN(ride.matching, (read_decided<events::RideMatched, events::RideUnmatched>(
                                           *object, kMatching, ride.requested, latest_ms)));
  HAIL_ASSIGN_OR_RETURN(ride.payment,
                        (read_decided<events::PaymentAuthorized, events::PaymentDeclined>(
                            *object, kPayment, ride.requested, latest_ms)));
  return ride;
}

std::vector<events::Event> events_of(const ChainRide& ride) {
  std::vector<events::Payload> payloads{ride.requested};
  if (ride.matching) payloads.push_back(*ride.matching);
  if (ride.payment) payloads.push_back(*ride.payment);
  std::vector<events::Event> events;
  for (auto& payload : payloads) {
    events.push_back(
        events::make_event("/hailstorm/chain", ride.requested.requested_at_ms, std::move(payload)));
  }
  return events;
}

}  // namespace hailstorm::service
