#include "services/lab/faults/process_faults.h"

#include <fmt/format.h>

#include "services/lab/faults/disk_full_fault.h"
#include "services/lab/faults/power_cut_fault.h"
#include "services/lab/faults/proc.h"
#include "services/lab/faults/process_fault.h"
#include "services/lab/faults/slow_fault.h"
#include "services/lab/faults/store_lock_fault.h"

namespace hailstorm::lab {
namespace {

constexpr int kGraceMs = 1'500;

class KillFault final : public ProcessFault {
 public:
  using ProcessFault::ProcessFault;

  Status inject() override {
    HAIL_ASSIGN_OR_RETURN(const auto view, living());
    pid_ = view.pid;
    return processes().hold_down(name(), holder());
  }
  Status revert() override { return processes().let_up(name(), holder()); }
  Probe is_in_effect() override {
    const auto view = processes().look(name());
    if (view.ok() && view->pid != 0) return serves(Effect::unclear);
    return is_dead(pid_);
  }

 private:
  pid_t pid_ = 0;
};

class RestartFault final : public ProcessFault {
 public:
  using ProcessFault::ProcessFault;

  Status inject() override {
    HAIL_ASSIGN_OR_RETURN(const auto view, living());
    pid_ = view.pid;
    return processes().restart(name(), kGraceMs);
  }
  Status revert() override {
    is_over_ = true;
    return {};
  }
  Probe is_in_effect() override {
    if (is_over_) return serves(Effect::unclear);
    const auto view = processes().look(name());
    const pid_t now = view.ok() ? view->pid : 0;
    const bool is_on = is_gone(pid_) && now != 0;
    return {is_on ? Effect::on : Effect::unclear,
            fmt::format("{}; now it is process {}", stat_says(pid_), now)};
  }

 private:
  pid_t pid_ = 0;
  bool is_over_ = false;
};

class FreezeFault final : public ProcessFault {
 public:
  using ProcessFault::ProcessFault;

  Status inject() override {
    HAIL_RETURN_IF_ERROR(living());
    processes().hold_stopped(name(), holder(), false);
    return {};
  }
  Status revert() override {
    processes().let_go(name(), holder());
    return {};
  }
  Probe is_in_effect() override {
    const auto view = processes().look(name());
    const pid_t pid = view.ok() ? view->pid : 0;
    if (pid == 0 || !is_stopped(pid)) return serves(Effect::off);
    const Ports seen = knock_all(ports(), PortAnswer::silent);
    return {seen.as_expected ? Effect::on : Effect::unclear, stat_says(pid) + seen.evidence};
  }
};

template <class OneFault>
Result<std::unique_ptr<Fault>> without_attributes(ProcessControl& processes,
                                                  const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {}));
  return std::unique_ptr<Fault>(std::make_unique<OneFault>(processes, request));
}

}  // namespace

FaultMaker process_fault_maker(ProcessControl& processes) {
  return [&processes](const FaultRequest& request) -> Result<std::unique_ptr<Fault>> {
    HAIL_RETURN_IF_ERROR(processes.look(request.target));
    switch (request.action) {
      case FaultAction::kill:
        return without_attributes<KillFault>(processes, request);
      case FaultAction::restart:
        return without_attributes<RestartFault>(processes, request);
      case FaultAction::freeze:
        return without_attributes<FreezeFault>(processes, request);
      case FaultAction::slow:
        return make_slow_fault(processes, request);
      case FaultAction::store_lock:
        return make_store_lock_fault(processes, request);
      case FaultAction::disk_full:
        return make_disk_full_fault(processes, request);
      case FaultAction::power_cut:
        return make_power_cut_fault(processes, request);
      default:
        return Error(FaultErrc::unknown_target,
                     fmt::format("{} is no fault of a process", name_of(request.action)));
    }
  };
}

}  // namespace hailstorm::lab
