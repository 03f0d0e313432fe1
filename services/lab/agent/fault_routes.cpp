#include "services/lab/agent/fault_routes.h"

#include "common/json/json.h"

namespace hailstorm::lab {
namespace {

http::Response with_body(int status, const json::Value& document) {
  http::Response response;
  response.status = status;
  response.body = json::to_text(document);
  return response;
}

int status_of(const Error& error) {
  if (error.is(FaultErrc::unknown_target) || error.is(FaultErrc::unknown_fault)) return 404;
  if (error.is(FaultErrc::held)) return 409;
  return error.is(FaultErrc::failed) ? 500 : 422;
}

http::Response answer(const Result<FaultState>& state, int status) {
  if (state.ok()) return with_body(status, to_json(*state));
  return http::problem(status_of(state.error()), state.error().message());
}

http::Response ask(FaultBoard& board, const http::Request& request) {
  const auto document = json::parse(request.body);
  if (!document.ok()) return http::problem(422, document.error().message());
  const auto asked = fault_request_of(*document);
  if (!asked.ok()) return http::problem(422, asked.error().message());
  const auto state = board.ask(*asked);
  if (state.ok() || !state.error().is(FaultErrc::held)) return answer(state, 201);
  const auto holder = board.holder_of(asked->target, asked->action);
  if (!holder) return answer(state, 201);
  const auto& by = holder->request.by;
  const auto& id = holder->request.id;
  return http::problem(409, state.error().message(),
                       {{"holder", by.empty() ? id : by}, {"holder_id", id}});
}

http::Response list(FaultBoard& board) {
  json::Value all = json::Value::array();
  for (const auto& state : board.list()) all.push_back(to_json(state));
  return with_body(200, {{"faults", std::move(all)}});
}

}  // namespace

void add_fault_routes(http::Server& server, FaultBoard& board,
                      const std::function<http::Handler(http::Handler)>& guarded) {
  const std::string one = "/faults/([A-Za-z0-9._-]+)";
  server.route("GET", "/faults", guarded([&board](const http::Request&) { return list(board); }));
  server.route("POST", "/faults",
               guarded([&board](const http::Request& request) { return ask(board, request); }));
  server.route("POST", "/faults/reset", guarded([&board](const http::Request&) {
                 return with_body(200, {{"reverted", board.reset()}});
               }));
  server.route("GET", one, guarded([&board](const http::Request& request) {
                 return answer(board.find(request.captures.at(0)), 200);
               }));
  server.route("DELETE", one, guarded([&board](const http::Request& request) {
                 return answer(board.revert(request.captures.at(0)), 200);
               }));
}

}  // namespace hailstorm::lab
