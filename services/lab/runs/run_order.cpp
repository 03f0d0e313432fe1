#include "services/lab/runs/run_order.h"

#include <fmt/format.h>
#include <optional>

#include "common/base/enum_name.h"
#include "common/json/member_reader.h"
#include "services/lab/api/errors.h"
#include "services/lab/blast/blast_plan.h"
#include "services/lab/experiments/document/plan.h"
#include "services/lab/remote/fault_kinds.h"
#include "services/lab/runs/order_members.h"

namespace hailstorm::lab {
namespace {

bool is_given(const std::string& variable) {
  return variable == "HAIL_LAB" || variable == "HAIL_LAB_BEARER";
}

/// Empty: it reads no other variable.
std::string foreign_variable(const Experiment& experiment) {
  for (const auto* settings : {&experiment.configuration, &experiment.secrets}) {
    for (const auto& setting : *settings) {
      if (!setting.env.empty() && !is_given(setting.env)) return setting.env;
    }
  }
  return {};
}

Result<BlastRequest> blast_request_of(const json::Value& document) {
  BlastRequest request;
  std::vector<std::string> faults;
  json::MemberReader reader(document);
  reader.optional("faults", faults)
      .optional("targets", request.targets)
      .optional("quick", request.quick)
      .optional("rate", request.rides_per_second);
  if (!reader.ok()) return bad_order(reader.status().error().message());
  HAIL_RETURN_IF_ERROR(check_members(document, {"faults", "targets", "quick", "rate"}));
  HAIL_RETURN_IF_ERROR(check_names("faults", faults, fault_names()));
  HAIL_RETURN_IF_ERROR(check_names("targets", request.targets, all_targets()));
  HAIL_RETURN_IF_ERROR(check_range("rate", request.rides_per_second, {1, 10'000, "rides/s"}));
  request.actions = actions_of(faults);
  return request;
}

/// "kill payment, and 11 more"
std::string title_of(const std::vector<BlastFault>& plan) {
  const auto& first = plan.front();
  const std::string title = fmt::format("{} {}", name_of(first.action), first.target);
  return plan.size() == 1 ? title : fmt::format("{}, and {} more", title, plan.size() - 1);
}

}  // namespace

std::string_view name_of(RunKind kind) { return enum_name(kind); }

Result<Experiment> runnable_experiment(const std::string& text, DocumentFormat format,
                                       const Address& lab) {
  auto experiment = parse_experiment(text, format);
  if (!experiment.ok()) return bad_order(experiment.error().message());
  if (const auto name = foreign_variable(*experiment); !name.empty()) {
    return bad_order(fmt::format(
        "an experiment that a lab runs is given HAIL_LAB and HAIL_LAB_BEARER alone, not {}", name));
  }
  const auto given = [&lab](const std::string& name) -> std::optional<std::string> {
    return name == "HAIL_LAB" ? "http://" + to_text(lab) : "Bearer";
  };
  const auto plan = plan_of(*experiment, lab, given);
  if (!plan.ok()) return bad_order(plan.error().message());
  return experiment;
}

Result<RunOrder> experiment_order(const std::string& document, const Address& lab) {
  HAIL_ASSIGN_OR_RETURN(const auto experiment,
                        runnable_experiment(document, DocumentFormat::json, lab));
  return RunOrder{RunKind::experiment, experiment.title, document,
                  experiment.hailstorm.needs_own_platform()};
}

Result<RunOrder> blast_order(const json::Value& document) {
  HAIL_ASSIGN_OR_RETURN(const auto request, blast_request_of(document));
  const auto plan = plan_blast(request);
  if (!plan.ok()) return bad_order(plan.error().message());
  RunOrder order{RunKind::blast, title_of(*plan)};
  order.arguments = {"--rate", fmt::format("{}", request.rides_per_second)};
  add_names(order.arguments, "--faults", names_of(request.actions));
  add_names(order.arguments, "--targets", request.targets);
  if (request.quick) order.arguments.emplace_back("--quick");
  return order;
}

}  // namespace hailstorm::lab
