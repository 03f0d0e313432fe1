#include "services/lab/serve/routes.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <memory>
#include <string>

#include "services/lab/api/answers.h"
#include "services/lab/api/errors.h"
#include "services/lab/remote/fault_kinds.h"
#include "services/lab/serve/group_routes.h"
#include "services/lab/serve/lesson_routes.h"
#include "services/lab/serve/letter_routes.h"
#include "services/lab/serve/passport_routes.h"
#include "services/lab/serve/queue_routes.h"
#include "services/lab/serve/run_routes.h"
#include "services/lab/serve/value.h"
#include "services/lab/views/handlers.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kLongestWaitS = 50;  // less than a client waits

Result<FaultRequest> fault_in(const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const auto body, body_of(request));
  auto fault = fault_request_of(body);
  if (fault.ok()) return fault;
  return Error(ApiErrc::bad_request, fault.error().message());
}

void add_fault_routes(LabServer& server, FaultDesk& desk) {
  server.on_read("GET", "/api/fault-kinds",
                 [](const http::Request&) { return answer(fault_kinds_document()); });
  server.on_read("GET", "/api/faults", [&desk](const http::Request&) -> http::Response {
    const auto faults = desk.list();
    return faults.ok() ? answer(to_json(*faults)) : answer(faults.error());
  });
  server.on_change("POST", "/api/faults", [&desk](const http::Request& request) {
    auto fault = fault_in(request);
    return fault.ok() ? desk.inject(std::move(*fault)) : answer(fault.error());
  });
  server.on_change("POST", "/api/faults/reset", [&desk](const http::Request&) {
    const auto reverted = desk.reset();
    return reverted.ok() ? answer(json::Value{{"reverted", *reverted}}) : answer(reverted.error());
  });
  server.on_read("GET", "/api/faults/{id}", [&desk](const http::Request& request) {
    return desk.find(request.captures.at(0));
  });
  server.on_change("DELETE", "/api/faults/{id}", [&desk](const http::Request& request) {
    return desk.revert(request.captures.at(0));
  });
}

Result<json::Value> set_traffic(TrafficControl& traffic, const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const auto body, body_of(request));
  HAIL_ASSIGN_OR_RETURN(auto order, traffic_order_of(body, traffic.order()));
  HAIL_RETURN_IF_ERROR(traffic.set(std::move(order)));
  return traffic.state();
}

void add_traffic_routes(LabServer& server, TrafficControl& traffic) {
  server.on_read("GET", "/api/traffic",
                 [&traffic](const http::Request&) { return answer(traffic.state()); });
  const auto change = [&traffic](const http::Request& request) {
    return answer(set_traffic(traffic, request));
  };
  server.on_change("PUT", "/api/traffic", change);
  server.on_change("POST", "/api/traffic", change);
}

/// GET /api/audit?within_s=10, GET /api/audit?running=true
Result<int64_t> wait_ms_of(const http::Request& request) {
  const auto found = request.query.find("within_s");
  if (found == request.query.end()) return int64_t{0};
  const std::string& text = found->second;
  int64_t seconds = -1;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (wrong == std::errc{} && end == text.data() + text.size() && seconds >= 0 &&
      seconds <= kLongestWaitS) {
    return seconds * 1'000;
  }
  return Error(ApiErrc::bad_request, fmt::format("within_s takes 0 to {}", kLongestWaitS));
}

Result<json::Value> audit_for(AuditDesk& desk, const http::Request& request) {
  HAIL_ASSIGN_OR_RETURN(const int64_t within_ms, wait_ms_of(request));
  const auto running = request.query.find("running");
  if (running == request.query.end() || running->second == "false") return desk.audit(within_ms);
  if (running->second == "true") return desk.audit_running();
  return Error(ApiErrc::bad_request, "running takes true or false");
}

Result<json::Value> value_at(const RouteParts& parts, const std::string& path) {
  constexpr std::string_view kAudit = "audit.";
  if (!path.starts_with(kAudit)) {
    // Made now: a client that has just asked for a fault must find it.
    const auto frame = parts.views.frame(0);
    if (frame == nullptr) return Error(ApiErrc::not_now, "there is no frame yet");
    return number_at(frame->document, path);
  }
  HAIL_ASSIGN_OR_RETURN(const auto audit, parts.audit.audit());
  return number_at(audit, path.substr(kAudit.size()));
}

void add_view_routes(LabServer& server, const RouteParts& parts) {
  server.on_read("GET", "/api/state",
                 [parts](const http::Request&) { return state_answer(parts.views); });
  server.on_stream("/api/stream", parts.views.feed());
  server.on_read("GET", "/api/recording", [parts](const http::Request& request) {
    return recording_answer(parts.views, request);
  });
  server.on_read("GET", "/api/value/{path}", [parts](const http::Request& request) {
    return answer(value_at(parts, request.captures.at(0)));
  });
  server.on_read("GET", "/api/audit", [parts](const http::Request& request) {
    return answer(audit_for(parts.audit, request));
  });
}

}  // namespace

void add_routes(LabServer& server, const RouteParts& parts) {
  add_view_routes(server, parts);
  add_fault_routes(server, parts.faults);
  add_traffic_routes(server, parts.traffic);
  add_group_routes(server, parts.broker);
  add_letter_routes(server, parts.broker);
  add_passport_routes(server, parts.data, parts.broker);
  add_run_routes(server, parts.runs, parts.listens_at);
  add_lesson_routes(server, parts.listens_at);
  add_queue_routes(server, parts.broker);
}

}  // namespace hailstorm::lab
