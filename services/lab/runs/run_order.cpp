#include "services/lab/runs/run_order.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "common/base/enum_name.h"
#include "common/json/member_reader.h"
#include "services/lab/api/errors.h"
#include "services/lab/blast/blast_plan.h"
#include "services/lab/experiments/document/plan.h"
#include "services/lab/remote/fault_kinds.h"

namespace hailstorm::lab {
namespace {

constexpr double kLowestBlastRate = 1;
constexpr double kHighestBlastRate = 10'000;

Error bad_order(std::string why) { return {ApiErrc::bad_request, std::move(why)}; }

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

/// Empty: each is one of `known`.
std::string unknown_in(const std::vector<std::string>& names,
                       const std::vector<std::string>& known) {
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) return name;
  }
  return {};
}

std::string unknown_member(const json::Value& document) {
  static const std::vector<std::string> kMembers = {"faults", "targets", "quick", "rate"};
  for (const auto& [name, value] : *document.members()) {
    if (!unknown_in({name}, kMembers).empty()) return name;
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
  if (const auto name = unknown_member(document); !name.empty()) {
    return bad_order("there is no member " + name + ": give faults, targets, quick, rate");
  }
  if (const auto name = unknown_in(faults, fault_names()); !name.empty()) {
    return bad_order("faults: there is no fault " + name);
  }
  if (const auto name = unknown_in(request.targets, all_targets()); !name.empty()) {
    return bad_order("targets: there is no target " + name);
  }
  const double rate = request.rides_per_second;
  if (!(rate >= kLowestBlastRate && rate <= kHighestBlastRate)) {
    return bad_order(fmt::format("rate is {}: give {} to {} rides/s", rate, kLowestBlastRate,
                                 kHighestBlastRate));
  }
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

Result<RunOrder> experiment_order(const std::string& document, const Address& lab) {
  const auto experiment = parse_experiment(document, DocumentFormat::json);
  if (!experiment.ok()) return bad_order(experiment.error().message());
  if (experiment->hailstorm.needs_own_platform()) {
    return bad_order(
        "unsafe and flush change the platform itself, so the experiment needs one of its own: "
        "hail-lab experiment run");
  }
  if (const auto name = foreign_variable(*experiment); !name.empty()) {
    return bad_order(fmt::format(
        "an experiment that a lab runs is given HAIL_LAB and HAIL_LAB_BEARER alone, not {}", name));
  }
  const auto given = [&lab](const std::string& name) -> std::optional<std::string> {
    return name == "HAIL_LAB" ? "http://" + to_text(lab) : "Bearer";
  };
  const auto plan = plan_of(*experiment, lab, given);
  if (!plan.ok()) return bad_order(plan.error().message());
  return RunOrder{RunKind::experiment, experiment->title, document};
}

Result<RunOrder> blast_order(const json::Value& document) {
  HAIL_ASSIGN_OR_RETURN(const auto request, blast_request_of(document));
  const auto plan = plan_blast(request);
  if (!plan.ok()) return bad_order(plan.error().message());
  std::vector<std::string> faults;
  for (const auto action : request.actions) faults.emplace_back(name_of(action));
  RunOrder order{RunKind::blast, title_of(*plan)};
  order.arguments = {"--rate", fmt::format("{}", request.rides_per_second)};
  const auto add = [&order](const char* option, const std::vector<std::string>& names) {
    if (!names.empty()) {
      order.arguments.insert(order.arguments.end(),
                             {option, fmt::format("{}", fmt::join(names, ","))});
    }
  };
  add("--faults", faults);
  add("--targets", request.targets);
  if (request.quick) order.arguments.emplace_back("--quick");
  return order;
}

}  // namespace hailstorm::lab
