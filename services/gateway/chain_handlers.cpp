#include "services/gateway/chain_handlers.h"

#include <optional>
#include <string>
#include <variant>

#include "services/gateway/store.h"

namespace hailstorm::gateway {
namespace {

constexpr const char* kFailedHop = "failed_hop";

http::Response refused_here(int status, const std::string& detail) {
  return http::problem(status, detail, {{kFailedHop, "gateway"}});
}

}  // namespace

ChainHandlers::ChainHandlers(service::Service& service, Readers& readers, const Clock& clock,
                             service::NextHop& matching)
    : service_(service), readers_(readers), clock_(clock), matching_(matching) {
  service.readiness().add_check([this]() -> std::string {
    if (!in_flight_.is_full()) return "";
    return "rides on the chain are refused: as many as may be are on their way already";
  });
}

void ChainHandlers::add_routes(http::Server& server) {
  server.route("POST", "/chain/rides", [this](const http::Request& r) { return request_ride(r); });
}

http::Response ChainHandlers::request_ride(const http::Request& request) {
  const auto read = read_ride(request, clock_.wall_ms());
  if (const auto* refused = std::get_if<http::Response>(&read)) return *refused;
  const auto& command = std::get<RideCommand>(read);

  const InFlight::Place place = in_flight_.enter(command.ride.ride_id);
  if (place.answer() == InFlight::Answer::same_ride) {
    return http::problem(409, "a request with this Idempotency-Key is still being worked on",
                         {{"field", "Idempotency-Key"}});
  }
  if (place.answer() == InFlight::Answer::full) {
    return refused_here(503, "too many rides wait for the chain; try again");
  }
  std::optional<AcceptedRide> before;
  const Status known = readers_.with([&](store::Database& db) -> Status {
    HAIL_ASSIGN_OR_RETURN(before, find_ride(db, events::Lane::chain, command.ride.ride_id));
    return {};
  });
  if (!known.ok()) return store_problem(known.error());
  if (!before) return run_down_the_chain(command);
  if (!asks_the_same(*before, command)) return reused_key_problem();
  http::Response answer;
  answer.body = before->answer;
  return answer;
}

http::Response ChainHandlers::run_down_the_chain(const RideCommand& command) {
  http::Response answer = matching_.call(service::to_json(service::ChainRide{command.ride, {}, {}}),
                                         command.traceparent);
  if (!service::succeeded(answer)) return answer;
  const AcceptedRide accepted{.lane = events::Lane::chain,
                              .ride = command.ride,
                              .idempotency_key = command.idempotency_key,
                              .answer = answer.body,
                              .accepted_ms = clock_.wall_ms()};
  const Status stored = service_.transact([&](store::Database& db, service::Effects&) -> Status {
    HAIL_RETURN_IF_ERROR(insert_ride(db, accepted));
    return {};
  });
  if (!stored.ok()) {
    return refused_here(500, "the ride went down the chain but could not be stored");
  }
  return answer;
}

}  // namespace hailstorm::gateway
