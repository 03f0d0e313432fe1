#include "services/lab/blast/blast_plan.h"

#include <algorithm>

#include "common/base/enum_name.h"
#include "services/lab/remote/fault_kinds.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

std::vector<FaultAction> actions_of(const BlastRequest& request) {
  if (!request.actions.empty()) return request.actions;
  if (request.quick) return {FaultAction::kill, FaultAction::freeze};
  return usual_actions();
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

int rank_of(const std::string& target) {
  if (target == registry::kBroker) return 2;
  return target == registry::kGateway ? 1 : 0;
}

}  // namespace

std::string_view name_of(BlastErrc code) { return enum_name(code); }

Result<std::vector<BlastFault>> plan_blast(const BlastRequest& request) {
  const auto actions = actions_of(request);
  std::vector<BlastFault> plan;
  for (const auto& target : all_targets()) {
    if (!request.targets.empty() && !is_among(request.targets, target)) continue;
    for (const auto action : actions) {
      if (is_among(targets_of(action), target)) plan.push_back({target, action});
    }
  }
  if (plan.empty()) {
    return Error(BlastErrc::bad_request, "none of these faults has any of these targets");
  }
  std::stable_sort(plan.begin(), plan.end(), [](const auto& a, const auto& b) {
    return rank_of(a.target) < rank_of(b.target);
  });
  return plan;
}

}  // namespace hailstorm::lab
