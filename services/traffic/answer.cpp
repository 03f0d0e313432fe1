#include "services/traffic/answer.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hailstorm::traffic {
namespace {

using nlohmann::ordered_json;

ordered_json point_json(const events::GeoPoint& point) {
  return {{"lat", point.lat}, {"lon", point.lon}};
}

double to_microseconds(double ms) { return std::round(ms * 1e3) / 1e3; }

}  // namespace

std::string to_line(const Answer& answer) {
  ordered_json line = {{"act", answer.act},
                       {"index", answer.index},
                       {"lane", answer.lane},
                       {"ride_id", answer.ride_id},
                       {"rider_id", answer.rider_id},
                       {"status", answer.status},
                       {"latency_ms", to_microseconds(answer.latency_ms)},
                       {"late_ms", to_microseconds(answer.late_ms)},
                       {"sent_at_ms", answer.sent_at_ms}};
  if (!answer.failed_hop.empty()) line["failed_hop"] = answer.failed_hop;
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string ride_body(const city::Trip& trip) {
  const ordered_json body = {{"rider_id", trip.rider_id},
                             {"pickup", point_json(trip.pickup)},
                             {"dropoff", point_json(trip.dropoff)},
                             {"requested_at", events::format_time(trip.requested_at_ms)}};
  return body.dump();
}

std::string idempotency_key(int64_t seed, int64_t index) {
  return fmt::format("ride-{}-{}", seed, index);
}

std::string failed_hop_of(std::string_view problem_json) {
  const auto problem = ordered_json::parse(problem_json, nullptr, false);
  if (!problem.is_object()) return {};
  const auto hop = problem.find("failed_hop");
  return hop != problem.end() && hop->is_string() ? hop->get<std::string>() : std::string();
}

}  // namespace hailstorm::traffic
