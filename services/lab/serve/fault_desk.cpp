#include "services/lab/serve/fault_desk.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "common/base/token_file.h"
#include "common/json/member_reader.h"
#include "services/lab/platform/errors.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kIdDigits = 8;

/// The agents know the faults of earlier labs: a count would begin again with each lab.
std::string new_id() { return random_token().substr(0, kIdDigits); }

http::Response gone(const Error& error) { return http::problem(502, error.message()); }

/// Topics and groups are the log's: the broker's agent is beside it.
bool is_of_log(FaultAction action) {
  return action == FaultAction::poison || action == FaultAction::duplicate ||
         action == FaultAction::redeliver;
}

Result<std::vector<FaultState>> faults_of(AgentClient& agent) {
  HAIL_ASSIGN_OR_RETURN(const auto answer, agent.ask("GET", "/faults", ""));
  HAIL_ASSIGN_OR_RETURN(const auto document, json::parse(answer.body));
  const json::Value* list = document.find("faults");
  std::vector<FaultState> faults;
  if (answer.status != 200 || list == nullptr || list->elements() == nullptr) {
    return Error(PlatformErrc::agent_failed, "the agent gave no faults; is it an older one?");
  }
  for (const auto& one : *list->elements()) {
    HAIL_ASSIGN_OR_RETURN(auto state, fault_state_of(one));
    faults.push_back(std::move(state));
  }
  return faults;
}

Result<int64_t> reset_faults_of(AgentClient& agent) {
  HAIL_ASSIGN_OR_RETURN(const auto answer, agent.ask("POST", "/faults/reset", "{}"));
  int64_t reverted = 0;
  const auto document = json::parse(answer.body);
  if (document.ok() && json::MemberReader(*document).required("reverted", reverted).ok()) {
    return reverted;
  }
  return Error(PlatformErrc::agent_failed, "an agent did not say what it reverted");
}

}  // namespace

AgentClient& FaultDesk::agent_for(const FaultRequest& request) {
  if (is_of_log(request.action)) return platform_.agent_for("broker");
  return platform_.agent_for(request.target.substr(0, request.target.find(':')));
}

http::Response FaultDesk::inject(FaultRequest request) {
  if (request.id.empty()) request.id = new_id();
  auto answer = agent_for(request).ask("POST", "/faults", json::to_text(to_json(request)));
  return answer.ok() ? std::move(*answer) : gone(answer.error());
}

http::Response FaultDesk::ask_holder(const std::string& method, const std::string& id) {
  http::Response last = http::problem(404, fmt::format("there is no fault {}", id));
  for (AgentClient* agent : platform_.agents()) {
    auto answer = agent->ask(method, "/faults/" + id, "");
    if (!answer.ok()) {
      last = gone(answer.error());  // it may have been the holder
    } else if (answer->status != 404) {
      return std::move(*answer);
    }
  }
  return last;
}

http::Response FaultDesk::find(const std::string& id) { return ask_holder("GET", id); }
http::Response FaultDesk::revert(const std::string& id) { return ask_holder("DELETE", id); }

Result<std::vector<FaultState>> FaultDesk::list() {
  std::vector<FaultState> all;
  std::optional<Error> failed;
  bool one_answered = false;
  for (AgentClient* agent : platform_.agents()) {
    auto faults = faults_of(*agent);
    if (!faults.ok()) {
      failed = faults.error();
      continue;
    }
    one_answered = true;
    std::move(faults->begin(), faults->end(), std::back_inserter(all));
  }
  if (!one_answered && failed) return *failed;
  std::stable_sort(all.begin(), all.end(), [](const FaultState& a, const FaultState& b) {
    return a.asked_at_ms < b.asked_at_ms;
  });
  return all;
}

Result<int64_t> FaultDesk::reset() {
  int64_t reverted = 0;
  std::optional<Error> failed;
  for (AgentClient* agent : platform_.agents()) {
    const auto answer = reset_faults_of(*agent);
    if (answer.ok()) {
      reverted += *answer;
    } else {
      failed = answer.error();
    }
  }
  if (failed) return *failed;
  return reverted;
}

json::Value to_json(const std::vector<FaultState>& faults) {
  json::Value list = json::Value::array();
  for (const auto& one : faults) list.push_back(to_json(one));
  return {{"faults", std::move(list)}};
}

}  // namespace hailstorm::lab
