#include "services/lab/platform/agent_client.h"

#include "common/json/json.h"
#include "common/json/member_reader.h"
#include "services/lab/platform/errors.h"

namespace hailstorm::lab {
namespace {

// Longer than the agent waits for a process that was asked to end.
constexpr int kAgentTimeoutMs = 10'000;

ProcessState state_of(const std::string& name) {
  if (name == name_of(ProcessState::running)) return ProcessState::running;
  if (name == name_of(ProcessState::frozen)) return ProcessState::frozen;
  return ProcessState::exited;
}

std::optional<ProcessInfo> info_of(const json::Value& one) {
  ProcessInfo info;
  std::string state;
  json::MemberReader reader(one);
  reader.required("name", info.name)
      .required("state", state)
      .required("pid", info.pid)
      .required("rss_kb", info.rss_kb)
      .required("restarts", info.restarts)
      .optional("comes_back", info.comes_back)
      .optional("held_down", info.is_held_down)
      .optional("exit_code", info.exit_code)
      .optional("signal", info.signal);
  if (!reader.ok()) return std::nullopt;
  info.state = state_of(state);
  return info;
}

std::string detail_of(const std::string& problem) {
  std::string detail = problem;
  const auto document = json::parse(problem);
  if (document.ok()) json::MemberReader(*document).optional("detail", detail);
  return detail;
}

/// An agent that holds no links says nothing of them.
bool read_links(const json::Value& document, std::vector<LinkSample>& links) {
  const json::Value* list = document.find("links");
  if (list == nullptr) return true;
  if (list->elements() == nullptr) return false;
  for (const auto& one : *list->elements()) {
    LinkSample link;
    json::MemberReader reader(one);
    reader.required("name", link.name).required("connections", link.connections);
    if (!reader.ok()) return false;
    links.push_back(std::move(link));
  }
  return true;
}

std::optional<AgentClient::View> view_of(const std::string& answer) {
  const auto document = json::parse(answer);
  if (!document.ok()) return std::nullopt;
  const json::Value* agent = document->find("agent");
  const json::Value* processes = document->find("processes");
  if (agent == nullptr || processes == nullptr || processes->elements() == nullptr)
    return std::nullopt;
  AgentClient::View view;
  if (!json::MemberReader(*agent).required("rss_kb", view.agent_rss_kb).ok()) return std::nullopt;
  for (const auto& one : *processes->elements()) {
    auto info = info_of(one);
    if (!info) return std::nullopt;
    view.processes.push_back(std::move(*info));
  }
  if (!read_links(*document, view.links)) return std::nullopt;
  return view;
}

Error not_understood() {
  return {PlatformErrc::agent_failed, "the agent's answer is not understood; is it an older one?"};
}

}  // namespace

AgentClient::AgentClient(std::string host, int port, const std::string& token)
    : client_({std::move(host), port}, kAgentTimeoutMs), authorization_("Bearer " + token) {}

Result<http::Response> AgentClient::ask(const std::string& method, const std::string& path,
                                        std::string body) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.body = std::move(body);
  request.headers = {{"Authorization", authorization_}, {"Content-Type", "application/json"}};
  auto response = client_.send(request);
  if (response.ok()) return response;
  return Error(PlatformErrc::agent_failed,
               "the lab's agent is gone: " + response.error().message());
}

Result<std::string> AgentClient::send(const std::string& method, const std::string& path,
                                      std::string body) {
  HAIL_ASSIGN_OR_RETURN(auto response, ask(method, path, std::move(body)));
  if (response.status == 200) return std::move(response.body);
  return Error(PlatformErrc::agent_failed, detail_of(response.body));
}

Result<ProcessInfo> AgentClient::send_for_process(const std::string& method,
                                                  const std::string& path, std::string body) {
  HAIL_ASSIGN_OR_RETURN(const std::string answer, send(method, path, std::move(body)));
  const auto document = json::parse(answer);
  auto info = document.ok() ? info_of(*document) : std::nullopt;
  if (!info) return not_understood();
  return std::move(*info);
}

bool AgentClient::alive() { return send("GET", "/healthz", "").ok(); }

Result<AgentClient::View> AgentClient::list() {
  HAIL_ASSIGN_OR_RETURN(const std::string answer, send("GET", "/processes", ""));
  auto view = view_of(answer);
  if (!view) return not_understood();
  return std::move(*view);
}

Result<ProcessInfo> AgentClient::start(const std::string& name, const SpawnRequest& request,
                                       RestartPolicy restart, const LinkServers& links) {
  json::Value servers = json::Value::object();
  for (const auto& [server, address] : links) servers.add(server, address);
  const json::Value body = {{"argv", request.argv},
                            {"log", request.log_file},
                            {"restart", name_of(restart)},
                            {"links", std::move(servers)}};
  return send_for_process("PUT", "/processes/" + name, json::to_text(body));
}

Result<ProcessInfo> AgentClient::act(const std::string& name, const std::string& verb) {
  return send_for_process("POST", "/processes/" + name + "/" + verb, "{}");
}

}  // namespace hailstorm::lab
