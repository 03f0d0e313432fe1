#include "services/gateway/ride_handlers.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "services/gateway/ride_command.h"
#include "services/gateway/ride_view.h"
#include "services/gateway/store.h"

namespace hailstorm::gateway {
namespace {

constexpr const char* kSource = "/hailstorm/gateway";

/// The ride and its event, in the transaction that is open; or, if the ride is there already,
/// whether it is the same. Gives what is known of it afterwards: true: accepted, now or before.
Result<bool> accept(store::Database& db, service::Effects& effects, const AcceptedRide& accepted,
                    const RideCommand& command) {
  HAIL_ASSIGN_OR_RETURN(const bool is_new, insert_ride(db, accepted));
  if (is_new) {
    HAIL_RETURN_IF_ERROR(effects.publish(events::make_event(kSource, command.ride.requested_at_ms,
                                                            command.ride, command.traceparent)));
    return true;
  }
  HAIL_ASSIGN_OR_RETURN(const auto before, find_ride(db, accepted.lane, command.ride.ride_id));
  return before && asks_the_same(*before, command);
}

http::Response accepted_answer(const std::string& ride_id) {
  http::Response answer;
  answer.status = 202;
  answer.headers["Location"] = "/rides/" + ride_id;
  answer.body = accepted_json(ride_id);
  return answer;
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
  auto read = read_ride(request, clock_.wall_ms());
  if (auto* refused = std::get_if<http::Response>(&read)) return answer(std::move(*refused));
  struct Job {
    RideCommand command;
    AcceptedRide accepted;
    bool same_ride = false;
  };
  const auto job = std::make_shared<Job>();
  job->command = std::move(std::get<RideCommand>(read));
  job->accepted = {.lane = events::Lane::log,
                   .ride = job->command.ride,
                   .idempotency_key = job->command.idempotency_key,
                   .answer = {},
                   .accepted_ms = clock_.wall_ms()};
  service_.transact_soon(
      [job](store::Database& db, service::Effects& effects) -> Status {
        HAIL_ASSIGN_OR_RETURN(job->same_ride, accept(db, effects, job->accepted, job->command));
        return {};
      },
      [job, answer = std::move(answer)](const Status& stored) {
        if (!stored.ok()) return answer(store_problem(stored.error()));
        answer(job->same_ride ? accepted_answer(job->command.ride.ride_id) : reused_key_problem());
      });
}

http::Response RideHandlers::show_ride(const std::string& ride_id) {
  std::optional<AcceptedRide> ride;
  std::vector<TimelineEntry> outcomes;
  const Status status = readers_.with([&](store::Database& db) -> Status {
    HAIL_ASSIGN_OR_RETURN(ride, find_ride(db, events::Lane::log, ride_id));
    if (!ride) return {};
    HAIL_ASSIGN_OR_RETURN(outcomes, timeline_of(db, ride_id));
    return {};
  });
  if (!status.ok()) return http::problem(503, "the ride cannot be read now; try again");
  if (!ride) return http::problem(404, "there is no ride with this id");
  http::Response answer;
  answer.body = ride_json(*ride, outcomes);
  return answer;
}

}  // namespace hailstorm::gateway
