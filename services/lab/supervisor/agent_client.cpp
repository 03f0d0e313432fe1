#include "services/lab/supervisor/agent_client.h"

#include <nlohmann/json.hpp>

#include "common/http/client.h"
#include "services/lab/supervisor/errors.h"

namespace hailstorm::lab {
namespace {

using nlohmann::json;

// Longer than the agent's own grace for a process that shall end.
constexpr int kTimeoutMs = 10'000;

ProcessState state_of(const std::string& name) {
  if (name == name_of(ProcessState::running)) return ProcessState::running;
  if (name == name_of(ProcessState::frozen)) return ProcessState::frozen;
  return ProcessState::exited;
}

ProcessInfo info_of(const json& one) {
  ProcessInfo info;
  one.at("name").get_to(info.name);
  info.state = state_of(one.at("state").get<std::string>());
  one.at("pid").get_to(info.pid);
  one.at("rss_kb").get_to(info.rss_kb);
  one.at("restarts").get_to(info.restarts);
  info.comes_back = one.value("comes_back", false);
  if (one.contains("exit_code")) info.exit_code = one["exit_code"].get<int>();
  if (one.contains("signal")) info.signal = one["signal"].get<int>();
  return info;
}

std::string detail_of(const std::string& problem) {
  const json document = json::parse(problem, nullptr, false);
  if (!document.is_object() || !document.contains("detail")) return problem;
  return document["detail"].is_string() ? document["detail"].get<std::string>() : problem;
}

Error not_understood() {
  return {SupervisorErrc::agent_failed,
          "the agent's answer is not understood; is it an older one?"};
}

}  // namespace

struct AgentClient::Impl {
  http::Client client;
  std::string authorization;

  Result<std::string> ask(const std::string& method, const std::string& path, std::string body) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = std::move(body);
    request.headers = {{"Authorization", authorization}, {"Content-Type", "application/json"}};
    auto response = client.send(request);
    if (!response.ok()) {
      return Error(SupervisorErrc::agent_failed,
                   "the lab's agent is gone: " + response.error().message());
    }
    if (response->status == 200) return std::move(response->body);
    return Error(SupervisorErrc::agent_failed, detail_of(response->body));
  }

  Result<ProcessInfo> ask_for_one(const std::string& method, const std::string& path,
                                  std::string body) {
    HAIL_ASSIGN_OR_RETURN(const std::string answer, ask(method, path, std::move(body)));
    try {
      return info_of(json::parse(answer));
    } catch (const json::exception&) {
      return not_understood();
    }
  }
};

AgentClient::AgentClient(std::string host, int port, const std::string& token)
    : impl_(new Impl{http::Client({std::move(host), port}, kTimeoutMs), "Bearer " + token}) {}
AgentClient::~AgentClient() = default;

bool AgentClient::alive() { return impl_->ask("GET", "/healthz", "").ok(); }

Result<AgentClient::View> AgentClient::list() {
  HAIL_ASSIGN_OR_RETURN(const std::string answer, impl_->ask("GET", "/processes", ""));
  try {
    const json document = json::parse(answer);
    View view;
    document.at("agent").at("rss_kb").get_to(view.agent_rss_kb);
    for (const auto& one : document.at("processes")) view.processes.push_back(info_of(one));
    return view;
  } catch (const json::exception&) {
    return not_understood();
  }
}

Result<ProcessInfo> AgentClient::start(const std::string& name, const SpawnRequest& request) {
  const json body = {{"argv", request.argv}, {"log", request.log_file}, {"restart", "never"}};
  return impl_->ask_for_one("PUT", "/processes/" + name, body.dump());
}

Result<ProcessInfo> AgentClient::act(const std::string& name, const std::string& verb) {
  return impl_->ask_for_one("POST", "/processes/" + name + "/" + verb, "{}");
}

}  // namespace hailstorm::lab
