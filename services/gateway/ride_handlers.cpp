#include "services/gateway/ride_handlers.h"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "services/gateway/acceptance.h"
#include "services/gateway/ride_answers.h"
#include "services/gateway/ride_request.h"
#include "services/gateway/ride_view.h"
#include "services/gateway/store.h"

namespace hailstorm::gateway {
namespace {

/// A ride with what is known of it.
struct FoundRide {
  AcceptedRide accepted;
  std::vector<TimelineEntry> outcomes;
};

Result<std::optional<FoundRide>> find_with_outcomes(store::Database& db,
                                                    const std::string& ride_id) {
  HAIL_ASSIGN_OR_RETURN(auto ride, find_ride(db, events::Lane::log, ride_id));
  if (!ride) return std::optional<FoundRide>();
  HAIL_ASSIGN_OR_RETURN(auto outcomes, timeline_of(db, ride_id));
  return std::optional(FoundRide{*std::move(ride), std::move(outcomes)});
}

}  // namespace

void RideHandlers::add_routes(http::Server& server) {
  server.route_async("POST", "/rides", [this](const http::Request& request, http::Answer answer) {
    request_ride(request, std::move(answer));
  });
  server.route("GET", "/rides/([^/]+)",
               [this](const http::Request& r) { return show_ride(r.captures.at(0)); });
}

void RideHandlers::request_ride(const http::Request& request, http::Answer answer) {
  const int64_t now_ms = service_.clock().wall_ms();
  auto read = read_ride_request(request, now_ms);
  if (const auto* problem = std::get_if<RequestProblem>(&read)) return answer(refusal(*problem));
  auto& ride = std::get<RideRequest>(read);
  const std::string ride_id = ride.ride.ride_id;
  service_.transact_soon(
      [ride = std::move(ride), now_ms](store::Database& db, service::Effects& effects) {
        return accept(ride, now_ms, db, effects);
      },
      [ride_id, answer = std::move(answer)](const Result<Acceptance>& acceptance) {
        if (!acceptance.ok()) return answer(store_problem(acceptance.error()));
        const bool is_other = *acceptance == Acceptance::other_ride;
        answer(is_other ? reused_key_problem() : accepted_answer(ride_id));
      });
}

http::Response RideHandlers::show_ride(const std::string& ride_id) {
  const auto found =
      readers_.with([&](store::Database& db) { return find_with_outcomes(db, ride_id); });
  if (!found.ok()) return http::problem(503, "the ride cannot be read now; try again");
  if (!*found) return http::problem(404, "there is no ride with this id");
  http::Response answer;
  answer.body = ride_json((*found)->accepted, (*found)->outcomes);
  return answer;
}

}  // namespace hailstorm::gateway
