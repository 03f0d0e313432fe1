#include "services/lab/serve/group_routes.h"

#include <functional>

#include "common/base/clock.h"
#include "common/log/log.h"
#include "common/log/rewind/group_json.h"
#include "common/log/rewind/rewind_request.h"
#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

constexpr int kAdminTimeoutMs = 3'000;

/// `refused` is what the broker's refusal means for this request.
Result<json::Value> of_broker(Result<json::Value> answered, ApiErrc refused) {
  if (answered.ok()) return answered;
  const Error& error = answered.error();
  const bool is_refused = error.is(log::LogErrc::refused) || error.is(log::LogErrc::unknown_topic);
  return Error(is_refused ? refused : ApiErrc::not_now, error.message());
}

/// A connection for each request: the broker may be gone, and back, between two of them.
Result<json::Value> ask(const std::string& broker, ApiErrc refused,
                        const std::function<Result<json::Value>(log::Engine&)>& request) {
  const auto engine = log::open(broker);
  if (!engine.ok()) return Error(ApiErrc::not_now, engine.error().message());
  return of_broker(request(**engine), refused);
}

Result<json::Value> reset(const std::string& broker, const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const auto body, body_of(request));
  return ask(broker, ApiErrc::bad_request, [&](log::Engine& engine) {
    return log::rewind_group(engine, request.captures.at(0), body, SystemClock().wall_ms());
  });
}

}  // namespace

void add_group_routes(LabServer& server, const std::string& broker) {
  server.on_read("GET", "/api/groups", [broker](const http::Request&) {
    return answer(ask(broker, ApiErrc::failed, [](log::Engine& engine) {
      return log::all_groups(*engine.make_admin(kAdminTimeoutMs));
    }));
  });
  server.on_read("GET", "/api/groups/{group}", [broker](const http::Request& request) {
    return answer(ask(broker, ApiErrc::not_found, [&request](log::Engine& engine) {
      return log::one_group(*engine.make_admin(kAdminTimeoutMs), request.captures.at(0));
    }));
  });
  server.on_change("POST", "/api/groups/{group}/reset", [broker](const http::Request& request) {
    return answer(reset(broker, request));
  });
}

}  // namespace hailstorm::lab
