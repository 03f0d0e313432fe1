#include "services/gateway/ride_request.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "common/base/ids.h"
#include "common/events/ranges.h"

namespace hailstorm::gateway {
namespace {

/// With or without parameters.
bool is_json(std::string content_type) {
  content_type.erase(std::min(content_type.find(';'), content_type.size()));
  while (!content_type.empty() && content_type.back() == ' ') content_type.pop_back();
  std::transform(content_type.begin(), content_type.end(), content_type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return content_type == "application/json";
}

bool is_idempotency_key(const std::string& key) {
  return !key.empty() && key.size() <= kMaxKeyChars &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
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

std::variant<RideRequest, RequestProblem> read_ride_request(const http::Request& request,
                                                            int64_t now_ms) {
  if (!is_json(request.header("Content-Type").value_or(""))) {
    return RequestProblem{415, "Content-Type", "Content-Type must be application/json"};
  }
  const auto key = request.header("Idempotency-Key");
  if (key && !is_idempotency_key(*key)) {
    return RequestProblem{400, "Idempotency-Key",
                          "Idempotency-Key must have 1 to 200 printable ASCII characters"};
  }
  auto body = parse_ride_body(request.body, now_ms);
  if (auto* problem = std::get_if<RequestProblem>(&body)) return std::move(*problem);

  auto& [ride, has_time] = std::get<RideBody>(body);
  ride.ride_id = ride_id_of(ride.rider_id, key);
  const auto trace = request.header("traceparent");
  const bool has_trace = trace && events::is_traceparent(*trace);
  RideRequest read;
  read.traceparent = has_trace ? *trace : trace_of(ride.ride_id);
  read.ride = std::move(ride);
  read.idempotency_key = key.value_or("");
  read.has_time = has_time;
  return read;
}

}  // namespace hailstorm::gateway
