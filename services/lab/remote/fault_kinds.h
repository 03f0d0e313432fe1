#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/lab/faults/fault.h"

/// Which faults there are for which targets. Pure functions: safe from any thread.
namespace hailstorm::lab {

enum class TargetKind { process, service, broker, link, topic, group };

struct FaultKind {
  FaultAction action;
  TargetKind target;
};

/// One for each FaultAction, in their order.
[[nodiscard]] const std::vector<FaultKind>& fault_kinds();
[[nodiscard]] std::vector<std::string> fault_names();
/// Nothing where no fault has this name.
[[nodiscard]] std::optional<FaultAction> action_of(std::string_view name);
/// The names to actions. REQUIRES: each is one.
[[nodiscard]] std::vector<FaultAction> actions_of(const std::vector<std::string>& names);

/// What is done where nobody chose: the faults of processes and links, but disk_full,
/// which needs a file system for each process.
[[nodiscard]] std::vector<FaultAction> usual_actions();

/// What this fault can be injected into, by the registry, in its order.
[[nodiscard]] std::vector<std::string> targets_of(FaultAction action);
/// Of all faults: processes, then links, topics and groups. A name of a process and a group is
/// listed once.
[[nodiscard]] std::vector<std::string> all_targets();

/// {"kinds":[{"action","of","targets","attributes"}]}: all of the above; `of` is the TargetKind.
[[nodiscard]] json::Value fault_kinds_document();

/// The attributes of a fault of middle strength.
[[nodiscard]] json::Value usual_attributes(FaultAction action);

}  // namespace hailstorm::lab
