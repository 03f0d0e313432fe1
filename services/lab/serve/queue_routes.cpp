#include "services/lab/serve/queue_routes.h"

#include <fmt/format.h>
#include <memory>
#include <mutex>

#include "common/json/member_reader.h"
#include "common/log/log.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/queue/comparison.h"

namespace hailstorm::lab {
namespace {

Result<int64_t> rides_in(const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const auto body, body_of(request));
  int64_t rides = 0;
  json::MemberReader reader(body);
  reader.required("rides", rides);
  if (!reader.ok()) return Error(ApiErrc::bad_request, reader.status().error().message());
  if (rides >= kLeastRides && rides <= kMostRides) return rides;
  return Error(ApiErrc::bad_request,
               fmt::format("rides is {}: give {} to {}", rides, kLeastRides, kMostRides));
}

Result<json::Value> compared(const std::string& broker, const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const int64_t rides, rides_in(request));
  const auto engine = log::open(broker);
  if (!engine.ok()) return Error(ApiErrc::not_now, engine.error().message());
  const auto result = compare_queue_and_log(**engine, rides);
  if (result.ok()) return to_json(*result);
  return Error(ApiErrc::not_now, result.error().message());
}

}  // namespace

void add_queue_routes(LabServer& server, const std::string& broker) {
  // One at a time: each has three groups for a moment.
  server.on_change("POST", "/api/queue-or-log",
                   [broker, one = std::make_shared<std::mutex>()](const http::Request& request) {
                     const std::unique_lock turn(*one, std::try_to_lock);
                     if (turn.owns_lock()) return answer(compared(broker, request));
                     return answer(Error(ApiErrc::conflict, "another one is on: try again"));
                   });
}

}  // namespace hailstorm::lab
