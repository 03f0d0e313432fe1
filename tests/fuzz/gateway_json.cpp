#include <cmath>
#include <string>
#include <variant>

#include "common/base/check.h"
#include "common/events/events.h"
#include "common/events/ranges.h"
#include "services/gateway/ride_request.h"
#include "services/gateway/rider_id.h"
#include "tests/fuzz/targets.h"

namespace hailstorm::fuzz {
namespace {

constexpr int64_t kNowMs = 1'767'225'600'000;  // 2026-01-01

bool is_place(const events::GeoPoint& place) {
  return std::abs(place.lat) <= 90 && std::abs(place.lon) <= 180;
}

}  // namespace

void gateway_json(Bytes input) {
  const std::string_view text = as_text(input);
  http::Request request;
  request.headers = {{"Content-Type", std::string(text)}};
  (void)gateway::read_ride_request(request, kNowMs);
  request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", std::string(text)}};
  (void)gateway::read_ride_request(request, kNowMs);
  (void)events::is_traceparent(text);

  const auto parsed = gateway::parse_ride_body(text, kNowMs);
  if (const auto* problem = std::get_if<gateway::RequestProblem>(&parsed)) {
    HAIL_CHECK(problem->status == 400 || problem->status == 413 || problem->status == 422);
    HAIL_CHECK(!problem->field.empty() && !problem->detail.empty());
    return;
  }
  const auto& ride = std::get<gateway::RideBody>(parsed).ride;
  HAIL_CHECK(!ride.rider_id.empty() && ride.rider_id.size() <= gateway::kMaxRiderIdChars * 4);
  HAIL_CHECK(is_place(ride.pickup) && is_place(ride.dropoff));
  // What is accepted can be written to the log and read back.
  const std::string json = events::to_json(ride);
  const auto back = events::from_json(events::RideRequested::kType, json);
  HAIL_CHECK(back.ok());
}

}  // namespace hailstorm::fuzz
