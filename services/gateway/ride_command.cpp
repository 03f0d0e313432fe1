#include "services/gateway/ride_command.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "common/base/ids.h"
#include "common/base/logging.h"
#include "common/events/ranges.h"
#include "common/service/reactor.h"
#include "common/store/database.h"
#include "services/gateway/ride_request.h"

namespace hailstorm::gateway {
namespace {

http::Response refusal(const RequestProblem& problem) {
  return http::problem(problem.status, problem.detail, {{"field", problem.field}});
}

std::string ride_id_of(const std::string& rider_id, const std::optional<std::string>& key) {
  if (key) return events::ride_id_for(rider_id, *key);
  thread_local IdGenerator ids;
  return ids.uuid().text();
}

/// The ride's id leads to its trace, and back.
std::string trace_of(std::string ride_id) {
  std::erase(ride_id, '-');
  return fmt::format("00-{}-{}-01", ride_id, ride_id.substr(16));
}

}  // namespace

std::variant<RideCommand, http::Response> read_ride(const http::Request& request, int64_t now_ms) {
  if (const auto bad = check_content_type(request.header("Content-Type"))) return refusal(*bad);
  const auto key = request.header("Idempotency-Key");
  if (const auto bad = check_idempotency_key(key)) return refusal(*bad);
  auto parsed = parse_ride(request.body, now_ms);
  if (const auto* bad = std::get_if<RequestProblem>(&parsed)) return refusal(*bad);

  RideCommand command;
  auto& asked = std::get<RideRequest>(parsed);
  command.ride = std::move(asked.ride);
  command.has_time = asked.has_time;
  command.ride.ride_id = ride_id_of(command.ride.rider_id, key);
  command.idempotency_key = key.value_or("");
  const auto trace = request.header("traceparent");
  command.traceparent =
      trace && events::is_traceparent(*trace) ? *trace : trace_of(command.ride.ride_id);
  return command;
}

bool asks_the_same(const AcceptedRide& accepted, const RideCommand& command) {
  const events::RideRequested& a = accepted.ride;
  const events::RideRequested& b = command.ride;
  return a.rider_id == b.rider_id && a.pickup == b.pickup && a.dropoff == b.dropoff &&
         (!command.has_time || a.requested_at_ms == b.requested_at_ms);
}

http::Response reused_key_problem() {
  return http::problem(409, "this Idempotency-Key was used for another ride; use a new key",
                       {{"field", "Idempotency-Key"}});
}

http::Response store_problem(const Error& error) {
  log_error("a ride could not be stored", {error});
  if (error.is(store::StoreErrc::busy) || error.is(store::StoreErrc::full)) {
    return http::problem(503, "the ride could not be stored now and was not accepted; try again");
  }
  if (error.is(service::ReactErrc::permanent)) {
    return http::problem(422, "the ride was not accepted: " + error.message());
  }
  return http::problem(500, "the ride could not be stored and was not accepted");
}

}  // namespace hailstorm::gateway
