#include "common/service/chain_ride.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace hailstorm::service {
namespace {

using nlohmann::json;

constexpr const char* kRequested = "ride_requested";
constexpr const char* kMatching = "matching";
constexpr const char* kPayment = "payment";
constexpr const char* kType = "type";

std::string_view type_of(const events::Payload& payload) {
  return std::visit([](const auto& one) { return one.kType; }, payload);
}

json decided(const events::Payload& payload) {
  json object = json::parse(events::to_json(payload));
  object[kType] = type_of(payload);
  return object;
}

Error bad(const std::string& member) {
  return {events::EventErrc::bad_field, "'" + member + "' is missing or is no object with a type"};
}

Result<std::optional<events::Payload>> read_decided(const json& ride, const char* member) {
  const auto at = ride.find(member);
  if (at == ride.end()) return std::optional<events::Payload>();
  if (!at->is_object() || !at->contains(kType) || !at->at(kType).is_string()) return bad(member);
  HAIL_ASSIGN_OR_RETURN(auto payload,
                        events::from_json(at->at(kType).get<std::string>(), at->dump()));
  return std::optional<events::Payload>(std::move(payload));
}

}  // namespace

std::string to_json(const ChainRide& ride) {
  json object{{kRequested, json::parse(events::to_json(ride.requested))}};
  if (ride.matching) object[kMatching] = decided(*ride.matching);
  if (ride.payment) object[kPayment] = decided(*ride.payment);
  return object.dump();
}

Result<ChainRide> chain_ride_from(std::string_view text) {
  const json object = json::parse(text.begin(), text.end(), nullptr, false);
  if (!object.is_object() || !object.contains(kRequested)) return bad(kRequested);
  HAIL_ASSIGN_OR_RETURN(auto requested,
                        events::from_json(events::RideRequested::kType, object[kRequested].dump()));
  ChainRide ride;
  ride.requested = std::get<events::RideRequested>(std::move(requested));
  HAIL_ASSIGN_OR_RETURN(ride.matching, read_decided(object, kMatching));
  HAIL_ASSIGN_OR_RETURN(ride.payment, read_decided(object, kPayment));
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
