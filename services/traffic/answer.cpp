#include "services/traffic/answer.h"

#include <cmath>
#include <fmt/format.h>

#include "common/base/time_text.h"
#include "common/json/json.h"
#include "common/json/member_reader.h"

namespace hailstorm::traffic {
namespace {

json::Value point_json(const events::GeoPoint& point) {
  return {{"lat", point.lat}, {"lon", point.lon}};
}

double to_microseconds(double ms) { return std::round(ms * 1e3) / 1e3; }

}  // namespace

std::string to_line(const Answer& answer) {
  json::Value line = {{"act", answer.act},
                      {"index", answer.index},
                      {"lane", name_of(answer.lane)},
                      {"ride_id", answer.ride_id},
                      {"rider_id", answer.rider_id},
                      {"status", answer.status},
                      {"latency_ms", to_microseconds(answer.latency_ms)},
                      {"late_ms", to_microseconds(answer.late_ms)},
                      {"sent_at_ms", answer.sent_at_ms}};
  if (!answer.failed_hop.empty()) line.add("failed_hop", answer.failed_hop);
  return json::to_text(line);
}

std::optional<Answer> answer_of(std::string_view line) {
  const auto document = json::parse(line);
  if (!document.ok()) return std::nullopt;
  Answer answer;
  std::string lane;
  json::MemberReader reader(*document);
  reader.optional("act", answer.act)
      .optional("index", answer.index)
      .required("lane", lane)
      .required("ride_id", answer.ride_id)
      .optional("rider_id", answer.rider_id)
      .required("status", answer.status)
      .optional("latency_ms", answer.latency_ms)
      .optional("late_ms", answer.late_ms)
      .optional("sent_at_ms", answer.sent_at_ms)
      .optional("failed_hop", answer.failed_hop);
  const auto named = events::lane_named(lane);
  if (!reader.ok() || !named) return std::nullopt;
  answer.lane = *named;
  return answer;
}

std::string ride_body(const city::Trip& trip) {
  const json::Value body = {{"rider_id", trip.rider_id},
                            {"pickup", point_json(trip.pickup)},
                            {"dropoff", point_json(trip.dropoff)},
                            {"requested_at", time_text(trip.requested_at_ms)}};
  return json::to_text(body);
}

std::string idempotency_key(int64_t seed, int64_t index) {
  return fmt::format("ride-{}-{}", seed, index);
}

std::string failed_hop_of(std::string_view problem_json) {
  const auto problem = json::parse(problem_json);
  const json::Value* hop = problem.ok() ? problem->find("failed_hop") : nullptr;
  return hop != nullptr && hop->text() != nullptr ? *hop->text() : std::string();
}

}  // namespace hailstorm::traffic
