#include "services/lab/agent/agent.h"

#include <fmt/format.h>
#include <unistd.h>

#include "common/base/logging.h"
#include "common/base/options.h"
#include "common/http/bearer.h"
#include "common/http/probes.h"
#include "common/http/server.h"
#include "common/json/json.h"
#include "common/json/member_reader.h"
#include "services/lab/agent/fault_control.h"
#include "services/lab/agent/fault_routes.h"
#include "services/lab/agent/process_table.h"
#include "services/lab/faults/disk_full_fault.h"
#include "services/lab/faults/proc.h"

namespace hailstorm::lab {
namespace {

constexpr int kGraceMs = 5'000;

json::Value to_json(const ProcessInfo& info) {
  json::Value one = {{"name", info.name},
                     {"state", name_of(info.state)},
                     {"pid", info.pid},
                     {"rss_kb", info.rss_kb},
                     {"restarts", info.restarts},
                     {"comes_back", info.comes_back},
                     {"held_down", info.is_held_down}};
  if (info.exit_code) one.add("exit_code", *info.exit_code);
  if (info.signal) one.add("signal", *info.signal);
  return one;
}

http::Response answer(const Result<ProcessInfo>& info) {
  if (info.ok()) {
    http::Response response;
    response.body = json::to_sorted_text(to_json(*info));
    return response;
  }
  const Error& error = info.error();
  if (error.is(AgentErrc::unknown_process)) return http::problem(404, error.message());
  if (error.is(AgentErrc::wrong_state)) return http::problem(409, error.message());
  return http::problem(422, error.message());
}

int grace_of(const std::string& body) {
  uint64_t grace_ms = kGraceMs;
  const auto document = json::parse(body);
  if (document.ok()) json::MemberReader(*document).optional("grace_ms", grace_ms);
  return static_cast<int>(std::min<uint64_t>(grace_ms, 600'000));
}

}  // namespace

Agent::Agent(ProcessTable& table, LinkTable& links, FaultBoard& faults, AgentBounds bounds,
             AgentListener listener, std::string token)
    : table_(table),
      links_(links),
      faults_(faults),
      token_(std::move(token)),
      bounds_(std::move(bounds)),
      server_({.host = std::move(listener.host),
               .port = listener.port,
               .max_threads = 16,
               .hosts = std::move(listener.hosts)}) {
  add_routes();
}

http::Handler Agent::guarded(http::Handler handler) const {
  return http::with_bearer(token_, "the agent", std::move(handler));
}

http::Response Agent::start_process(const http::Request& request) {
  auto body = parse_start(request.body, bounds_);
  if (!body.ok()) return http::problem(422, body.error().message());
  const std::string& name = request.captures.at(0);
  const Status linked = links_.connect(name, body->links, body->spawn.argv);
  if (!linked.ok()) return http::problem(422, linked.error().message());
  if (!faults_.holder_of(name, FaultAction::disk_full)) remove_filler(data_of(body->spawn));
  return answer(table_.start(name, std::move(body->spawn), body->restart));
}

http::Response Agent::act(const http::Request& request) {
  const std::string& name = request.captures.at(0);
  const std::string& verb = request.captures.at(1);
  if (verb == "start") return answer(table_.start(name));
  if (verb == "kill") return answer(table_.kill(name));
  if (verb == "freeze") return answer(table_.freeze(name));
  if (verb == "thaw") return answer(table_.thaw(name));
  return answer(table_.terminate(name, grace_of(request.body)));
}

http::Response Agent::list() {
  json::Value all = json::Value::array();
  for (const auto& info : table_.list()) all.push_back(to_json(info));
  http::Response response;
  response.body = json::to_sorted_text(
      {{"agent", {{"pid", ::getpid()}, {"rss_kb", proc_status(::getpid()).rss_kb}}},
       {"processes", std::move(all)},
       {"links", links_.to_json()}});
  return response;
}

void Agent::add_routes() {
  http::add_liveness(server_);
  server_.route("GET", "/processes", guarded([this](const http::Request&) { return list(); }));
  server_.route("GET", "/processes/([a-z0-9-]+)", guarded([this](const http::Request& request) {
                  return answer(table_.describe(request.captures.at(0)));
                }));
  server_.route("PUT", "/processes/([a-z0-9-]+)",
                guarded([this](const http::Request& request) { return start_process(request); }));
  server_.route("POST", "/processes/([a-z0-9-]+)/(start|kill|freeze|thaw|terminate)",
                guarded([this](const http::Request& request) { return act(request); }));
  add_fault_routes(server_, faults_,
                   [this](http::Handler handler) { return guarded(std::move(handler)); });
}

Status Agent::start() { return server_.start(); }
int Agent::port() const { return server_.port(); }

}  // namespace hailstorm::lab
