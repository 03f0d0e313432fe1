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
#include "services/lab/agent/proc.h"
#include "services/lab/agent/process_table.h"

namespace hailstorm::lab {
namespace {

constexpr int kGraceMs = 5'000;

json::Value to_json(const ProcessInfo& info) {
  json::Value one = {{"name", info.name},         {"state", name_of(info.state)},
                     {"pid", info.pid},           {"rss_kb", info.rss_kb},
                     {"restarts", info.restarts}, {"comes_back", info.comes_back}};
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

struct Agent::Impl {
  ProcessTable& table;
  std::string token;
  AgentBounds bounds;
  http::Server server;

  [[nodiscard]] http::Handler guarded(http::Handler handler) const {
    return http::with_bearer(token, "the agent", std::move(handler));
  }

  http::Response act(const std::string& name, const std::string& verb, const std::string& body) {
    if (verb == "start") return answer(table.start(name));
    if (verb == "kill") return answer(table.kill(name));
    if (verb == "freeze") return answer(table.freeze(name));
    if (verb == "thaw") return answer(table.thaw(name));
    return answer(table.terminate(name, grace_of(body)));
  }

  http::Response list() {
    json::Value all = json::Value::array();
    for (const auto& info : table.list()) all.push_back(to_json(info));
    http::Response response;
    response.body = json::to_sorted_text(
        {{"agent", {{"pid", ::getpid()}, {"rss_kb", proc_status(::getpid()).rss_kb}}},
         {"processes", std::move(all)}});
    return response;
  }

  void add_routes() {
    http::add_liveness(server);
    server.route("GET", "/processes", guarded([this](const http::Request&) { return list(); }));
    server.route("GET", "/processes/([a-z0-9-]+)", guarded([this](const http::Request& request) {
                   return answer(table.describe(request.captures.at(0)));
                 }));
    server.route(
        "PUT", "/processes/([a-z0-9-]+)", guarded([this](const http::Request& request) {
          auto body = parse_start(request.body, bounds);
          if (!body.ok()) return http::problem(422, body.error().message());
          return answer(table.start(request.captures.at(0), std::move(body->spawn), body->restart));
        }));
    server.route("POST", "/processes/([a-z0-9-]+)/(start|kill|freeze|thaw|terminate)",
                 guarded([this](const http::Request& request) {
                   return act(request.captures.at(0), request.captures.at(1), request.body);
                 }));
  }
};

Agent::Agent(ProcessTable& table, AgentBounds bounds, std::string host, int port, std::string token,
             std::vector<std::string> hosts)
    : impl_(new Impl{table, std::move(token), std::move(bounds),
                     http::Server({.host = std::move(host),
                                   .port = port,
                                   .max_threads = 16,
                                   .hosts = std::move(hosts)})}) {
  impl_->add_routes();
}
Agent::~Agent() = default;

Status Agent::start() { return impl_->server.start(); }
int Agent::port() const { return impl_->server.port(); }

}  // namespace hailstorm::lab
