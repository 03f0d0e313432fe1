#include "services/lab/story/acts.h"

#include <optional>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/experiments/document/variables.h"
#include "services/lab/platform/count_word.h"
#include "services/lab/story/story_text.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

constexpr std::string_view kFaultsUrl = "${lab}/api/faults";
constexpr std::string_view kEachService = "${each_service}";

/// What the file leaves open.
Environment filled_in(const std::string& service) {
  return [service](const std::string& name) -> std::optional<std::string> {
    if (name == "HAIL_EACH_SERVICE") return service;
    if (name == "HAIL_HOW_MANY") return count_word(registry::reacting_names().size());
    if (name == "HAIL_LAB_BEARER") return "";  // the story needs no token of the lab
    return std::nullopt;
  };
}

/// The services to which the activity is done; one that needs none is done once.
std::vector<std::string> services_of(const Activity& activity) {
  const bool is_for_each =
      json::to_text(activity.arguments).find(kEachService) != std::string::npos;
  return is_for_each ? registry::reacting_names() : std::vector<std::string>{""};
}

Result<FaultRequest> fault_of(const Activity& activity, const Variables& variables) {
  const std::string path = activity.path + ".provider";
  if (activity.method != "POST" || activity.url != kFaultsUrl) {
    return bad_field(activity.line, path, "asks for no fault");
  }
  HAIL_ASSIGN_OR_RETURN(const auto arguments,
                        variables.replaced(activity.arguments, activity.line, path + ".arguments"));
  auto fault = fault_request_of(arguments);
  if (fault.ok()) return fault;
  return bad_field(activity.line, path + ".arguments", fault.error().message());
}

Result<Act> act_of(const Activity& activity, const Experiment& story) {
  HAIL_ASSIGN_OR_RETURN(const Variables variables, Variables::of(story, filled_in("")));
  const std::string field = activity.path + ".name";
  HAIL_ASSIGN_OR_RETURN(const std::string text,
                        variables.text(activity.name, activity.line, field));
  const size_t colon = text.find(": ");
  if (colon == std::string::npos) return bad_field(activity.line, field, "is not NAME: TITLE");
  Act act{text.substr(0, colon), text.substr(colon + 2)};
  if (activity.kind == ActivityKind::probe) return act;
  for (const auto& service : services_of(activity)) {
    HAIL_ASSIGN_OR_RETURN(const Variables filled, Variables::of(story, filled_in(service)));
    HAIL_ASSIGN_OR_RETURN(auto fault, fault_of(activity, filled));
    act.faults.push_back(std::move(fault));
  }
  return act;
}

}  // namespace

std::vector<std::string> Act::targets() const {
  std::vector<std::string> all;
  for (const auto& fault : faults) all.push_back(fault.target);
  return all;
}

std::string_view Act::fault_word() const {
  if (faults.empty()) return "none";
  const FaultAction action = faults.front().action;
  if (action == FaultAction::kill) return "SIGKILL";
  return action == FaultAction::freeze ? "SIGSTOP" : name_of(action);
}

Result<std::vector<Act>> scenario() { return acts_of(story_text()); }

Result<std::vector<Act>> acts_of(std::string_view yaml) {
  HAIL_ASSIGN_OR_RETURN(const auto story, parse_experiment(yaml, DocumentFormat::yaml));
  std::vector<Act> acts;
  for (const auto& activity : story.method) {
    HAIL_ASSIGN_OR_RETURN(auto act, act_of(activity, story));
    acts.push_back(std::move(act));
  }
  return acts;
}

std::vector<Share> share_evenly(int64_t total, int64_t acts) {
  std::vector<Share> shares;
  int64_t first = 0;
  for (int64_t i = 0; i < acts; ++i) {
    const int64_t count = total / acts + (i < total % acts ? 1 : 0);
    shares.push_back({first, count});
    first += count;
  }
  return shares;
}

}  // namespace hailstorm::lab
