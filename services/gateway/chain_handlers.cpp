#include "services/gateway/chain_handlers.h"

#include <string>
#include <variant>

#include "services/gateway/acceptance.h"
#include "services/gateway/ride_answers.h"
#include "services/gateway/store.h"

namespace hailstorm::gateway {
namespace {

constexpr const char* kFailedHop = "failed_hop";

http::Response refused_here(int status, const std::string& detail) {
  return http::problem(status, detail, {{kFailedHop, "gateway"}});
}

}  // namespace

ChainHandlers::ChainHandlers(service::Service& service, Readers& readers,
                             service::NextHop& matching)
    : service_(service), readers_(readers), matching_(matching) {
  service.readiness().add_check([this]() -> std::string {
    if (!in_flight_.is_full()) return "";
    return "rides on the chain are refused: as many as may be are on their way already";
  });
}

void ChainHandlers::add_routes(http::Server& server) {
  server.route("POST", "/chain/rides", [this](const http::Request& r) { return request_ride(r); });
}

http::Response ChainHandlers::request_ride(const http::Request& request) {
  const auto read = read_ride_request(request, service_.clock().wall_ms());
  if (const auto* problem = std::get_if<RequestProblem>(&read)) return refusal(*problem);
  const auto& ride = std::get<RideRequest>(read);

  const InFlight::Place place = in_flight_.enter(ride.ride.ride_id);
  if (place.answer() == InFlight::Answer::same_ride) {
    return refusal(
        {409, "Idempotency-Key", "a request with this Idempotency-Key is still being worked on"});
  }
  if (place.answer() == InFlight::Answer::full) {
    return refused_here(503, "too many rides wait for the chain; try again");
  }
  const auto before = readers_.with(
      [&](store::Database& db) { return find_ride(db, events::Lane::chain, ride.ride.ride_id); });
  if (!before.ok()) return store_problem(before.error());
  if (!*before) return run_down_the_chain(ride);
  if (!is_same_ride(**before, ride)) return reused_key_problem();
  http::Response answer;
  answer.body = (*before)->answer;
  return answer;
}

http::Response ChainHandlers::run_down_the_chain(const RideRequest& request) {
  const service::ChainRide ride{request.ride, {}, {}};
  http::Response answer = matching_.call(service::to_json(ride), request.traceparent);
  if (!service::succeeded(answer)) return answer;
  const AcceptedRide accepted{events::Lane::chain, request.ride, request.idempotency_key,
                              answer.body, service_.clock().wall_ms()};
  const auto stored = service_.transact(
      [&](store::Database& db, service::Effects&) { return insert_ride(db, accepted); });
  if (!stored.ok()) {
    return refused_here(500, "the ride went down the chain but could not be stored");
  }
  return answer;
}

}  // namespace hailstorm::gateway
