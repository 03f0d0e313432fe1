#include "services/lab/remote/fault_kinds.h"

#include <algorithm>
#include <utility>

#include "common/base/check.h"
#include "common/base/enum_name.h"
#include "services/registry/dependencies.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

std::vector<std::string> names_of(TargetKind kind) {
  switch (kind) {
    case TargetKind::process:
      return registry::process_names();
    case TargetKind::service:
    case TargetKind::group:
      return registry::names();
    case TargetKind::broker:
      return {std::string(registry::kBroker)};
    case TargetKind::topic:
      return registry::topics();
    case TargetKind::link:
      break;
  }
  std::vector<std::string> all;
  for (const auto& link : registry::links()) all.push_back(link.name());
  return all;
}

}  // namespace

const std::vector<FaultKind>& fault_kinds() {
  using enum FaultAction;
  static const std::vector<FaultKind> kKinds = {
      {kill, TargetKind::process},       {restart, TargetKind::process},
      {freeze, TargetKind::process},     {slow, TargetKind::process},
      {store_lock, TargetKind::service}, {disk_full, TargetKind::process},
      {power_cut, TargetKind::broker},   {latency, TargetKind::link},
      {bandwidth, TargetKind::link},     {timeout, TargetKind::link},
      {reset_peer, TargetKind::link},    {slicer, TargetKind::link},
      {limit_data, TargetKind::link},    {poison, TargetKind::topic},
      {duplicate, TargetKind::topic},    {redeliver, TargetKind::group}};
  return kKinds;
}

std::vector<std::string> fault_names() {
  std::vector<std::string> all;
  for (const auto& one : fault_kinds()) all.emplace_back(name_of(one.action));
  return all;
}

std::optional<FaultAction> action_of(std::string_view name) {
  for (const auto& one : fault_kinds()) {
    if (name_of(one.action) == name) return one.action;
  }
  return {};
}

std::vector<FaultAction> actions_of(const std::vector<std::string>& names) {
  std::vector<FaultAction> all;
  for (const auto& name : names) {
    const auto action = action_of(name);
    HAIL_CHECK(action.has_value());
    all.push_back(*action);
  }
  return all;
}

std::vector<FaultAction> usual_actions() {
  std::vector<FaultAction> actions;
  for (const auto& kind : fault_kinds()) {
    const bool is_of_log = kind.target == TargetKind::topic || kind.target == TargetKind::group;
    if (!is_of_log && kind.action != FaultAction::disk_full) actions.push_back(kind.action);
  }
  return actions;
}

std::vector<std::string> targets_of(FaultAction action) {
  return names_of(fault_kinds().at(static_cast<size_t>(action)).target);
}

std::vector<std::string> all_targets() {
  std::vector<std::string> all;
  for (const auto& kind : fault_kinds()) {
    for (const auto& name : names_of(kind.target)) {
      if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    }
  }
  return all;
}

json::Value fault_kinds_document() {
  json::Value kinds = json::Value::array();
  for (const auto& one : fault_kinds()) {
    kinds.push_back({{"action", name_of(one.action)},
                     {"of", enum_name(one.target)},
                     {"targets", targets_of(one.action)},
                     {"attributes", usual_attributes(one.action)}});
  }
  return {{"kinds", std::move(kinds)}};
}

json::Value usual_attributes(FaultAction action) {
  switch (action) {
    case FaultAction::slow:
      return {{"share_percent", 20}};
    case FaultAction::latency:
      return {{"latency_ms", 200}, {"jitter_ms", 50}};
    case FaultAction::bandwidth:
      return {{"rate_kb_s", 4}};
    case FaultAction::reset_peer:
      return {{"timeout_ms", 0}};
    case FaultAction::slicer:
      return {{"average_size_bytes", 64}, {"size_variation_bytes", 32}, {"delay_us", 1000}};
    case FaultAction::limit_data:
      return {{"bytes", 2000}};
    case FaultAction::poison:
      return {{"kind", "undecodable"}};
    case FaultAction::duplicate:
    case FaultAction::redeliver:
      return {{"last_s", 5}};
    default:
      return json::Value::object();
  }
}

}  // namespace hailstorm::lab
