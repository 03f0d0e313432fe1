#include <cmath>
#include <fmt/format.h>

#include "common/base/counted.h"
#include "common/json/member_reader.h"
#include "services/lab/remote/fault_kinds.h"
#include "services/lab/runs/order_members.h"
#include "services/lab/runs/run_order.h"
#include "services/lab/storm/storm_plan.h"

namespace hailstorm::lab {
namespace {

/// The members of a storm's order, with the defaults of the command.
struct StormOrder {
  int64_t seed = 1;
  double minutes = 0.5;
  int64_t kills = 0;
  std::vector<std::string> kinds;
  std::vector<std::string> targets;
  int64_t at_once = 2;
  double rate = 40;
};

Status check_storm(const StormOrder& order) {
  HAIL_RETURN_IF_ERROR(check_names("kinds", order.kinds, fault_names()));
  HAIL_RETURN_IF_ERROR(check_names("targets", order.targets, all_targets()));
  HAIL_RETURN_IF_ERROR(check_range("seed", static_cast<double>(order.seed), {0, 9e15, ""}));
  HAIL_RETURN_IF_ERROR(check_range("minutes", order.minutes, {0.05, 60, "minutes"}));
  HAIL_RETURN_IF_ERROR(
      check_range("kills", static_cast<double>(order.kills), {0, 10'000, "SIGKILLs"}));
  HAIL_RETURN_IF_ERROR(
      check_range("at_once", static_cast<double>(order.at_once), {1, 8, "faults"}));
  return check_range("rate", order.rate, {1, 10'000, "rides/s"});
}

Result<StormOrder> storm_order_of(const json::Value& document) {
  StormOrder order;
  json::MemberReader reader(document);
  reader.optional("seed", order.seed)
      .optional("minutes", order.minutes)
      .optional("kills", order.kills)
      .optional("kinds", order.kinds)
      .optional("targets", order.targets)
      .optional("at_once", order.at_once)
      .optional("rate", order.rate);
  if (!reader.ok()) return bad_order(reader.status().error().message());
  HAIL_RETURN_IF_ERROR(
      check_members(document, {"seed", "minutes", "kills", "kinds", "targets", "at_once", "rate"}));
  HAIL_RETURN_IF_ERROR(check_storm(order));
  return order;
}

/// As the command draws it.
Result<std::vector<PlannedFault>> storm_plan_of(const StormOrder& order) {
  StormRequest request;
  request.seed = static_cast<uint64_t>(order.seed);
  request.length_ms = std::llround(order.minutes * 60'000);
  request.kills = order.kills;
  request.kinds = actions_of(order.kinds);
  request.targets = order.targets;
  request.at_once = static_cast<size_t>(order.at_once);
  auto plan = plan_storm(request);
  if (!plan.ok()) return bad_order(plan.error().message());
  return plan;
}

}  // namespace

Result<RunOrder> storm_order(const json::Value& document) {
  HAIL_ASSIGN_OR_RETURN(const auto order, storm_order_of(document));
  HAIL_ASSIGN_OR_RETURN(const auto plan, storm_plan_of(order));
  RunOrder run{RunKind::storm,
               fmt::format("a storm of seed {}: {}", order.seed, counted(plan.size(), "fault"))};
  run.arguments = {
      "--seed",  fmt::format("{}", order.seed),  "--minutes", fmt::format("{}", order.minutes),
      "--kills", fmt::format("{}", order.kills), "--at-once", fmt::format("{}", order.at_once),
      "--rate",  fmt::format("{}", order.rate)};
  add_names(run.arguments, "--kinds", order.kinds);
  add_names(run.arguments, "--targets", order.targets);
  return run;
}

Result<json::Value> storm_schedule(const json::Value& document) {
  HAIL_ASSIGN_OR_RETURN(const auto order, storm_order_of(document));
  HAIL_ASSIGN_OR_RETURN(const auto plan, storm_plan_of(order));
  json::Value faults = json::Value::array();
  for (const auto& fault : plan) {
    faults.push_back({{"at_ms", fault.at_ms},
                      {"target", fault.request.target},
                      {"action", name_of(fault.request.action)},
                      {"duration", duration_text(fault.request.duration_ms)},
                      {"attributes", fault.request.attributes}});
  }
  return json::Value{{"faults", std::move(faults)}};
}

}  // namespace hailstorm::lab
