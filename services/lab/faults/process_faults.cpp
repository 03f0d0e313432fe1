#include "services/lab/faults/process_faults.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <thread>

#include "services/lab/faults/disk_full_fault.h"
#include "services/lab/faults/proc.h"
#include "services/lab/faults/slow_fault.h"
#include "services/lab/faults/store_lock_fault.h"

namespace hailstorm::lab {
namespace {

constexpr int kKnockMs = 150;
constexpr int kGraceMs = 1'500;
constexpr int kLooks = 5;
constexpr std::chrono::milliseconds kBetweenLooks(5);

std::string stat_says(pid_t pid) {
  const char state = proc_status(pid).state;
  if (state == 0) return fmt::format("/proc/{} is gone", pid);
  return fmt::format("/proc/{}/status says {}", pid, state);
}

bool is_gone(pid_t pid) {
  const char state = proc_status(pid).state;
  return state == 0 || state == 'Z' || state == 'X';
}

/// Several looks, as a process that is slow stops for a moment, too.
bool is_stopped(pid_t pid) {
  for (int i = 0; i < kLooks; ++i) {
    if (i > 0) std::this_thread::sleep_for(kBetweenLooks);
    if (proc_status(pid).state != 'T') return false;
  }
  return true;
}

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
    const Ports ports = knock_all(PortAnswer::refuses);
    const bool is_on = is_gone(pid_) && ports.as_expected;
    return {is_on ? Effect::on : Effect::unclear, stat_says(pid_) + ports.evidence};
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
    const Ports ports = knock_all(PortAnswer::silent);
    return {ports.as_expected ? Effect::on : Effect::unclear, stat_says(pid) + ports.evidence};
  }
};

template <class OneFault>
Result<std::unique_ptr<Fault>> without_attributes(ProcessControl& processes,
                                                  const FaultRequest& request) {
  HAIL_RETURN_IF_ERROR(check_attributes(request, {}));
  return std::unique_ptr<Fault>(std::make_unique<OneFault>(processes, request));
}

}  // namespace

Status check_attributes(const FaultRequest& request, const std::vector<std::string>& known) {
  for (const auto& one : *request.attributes.members()) {
    if (std::find(known.begin(), known.end(), one.name) != known.end()) continue;
    return Error(FaultErrc::bad_request,
                 fmt::format("{} has no attribute \"{}\"", name_of(request.action), one.name));
  }
  return {};
}

Result<std::filesystem::path> data_folder_of(ProcessControl& processes, const std::string& name) {
  HAIL_ASSIGN_OR_RETURN(const auto view, processes.look(name));
  if (!view.data.empty()) return std::filesystem::path(view.data);
  return Error(FaultErrc::not_possible,
               fmt::format("nobody has told this agent where {} has its data", name));
}

Result<ProcessControl::View> ProcessFault::living() {
  auto view = processes_.look(name_);
  if (!view.ok()) return view;
  if (view->pid == 0) {
    return Error(FaultErrc::not_possible,
                 fmt::format("{} has no process now: {}", name_,
                             view->is_held_down ? "a fault keeps it down" : "it has ended"));
  }
  ports_ = listening_ports(view->pid);
  return view;
}

Probe ProcessFault::serves(Effect without) const {
  const auto view = processes_.look(name_);
  if (!view.ok()) return {Effect::unclear, view.error().message()};
  if (view->pid == 0) return {without, fmt::format("{} has no process", name_)};
  const Ports ports = knock_all(PortAnswer::answers);
  const bool is_well = ports.as_expected && !is_stopped(view->pid);
  return {is_well ? Effect::off : Effect::unclear, stat_says(view->pid) + ports.evidence};
}

ProcessFault::Ports ProcessFault::knock_all(PortAnswer expected) const {
  constexpr std::array kWords = {"refuses", "takes the connection and answers nothing", "answers"};
  Ports seen;
  // From the last on: a program's port for HTTP is above its others.
  for (auto port = ports_.rbegin(); port != ports_.rend(); ++port) {
    const PortAnswer answer = knock(*port, kKnockMs);
    seen.evidence = fmt::format("; port {} {}", port->port, kWords[static_cast<size_t>(answer)]);
    seen.as_expected = answer == expected;
    if (seen.as_expected != (expected == PortAnswer::refuses)) break;
  }
  return seen;
}

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
      default:
        return Error(FaultErrc::unknown_target,
                     fmt::format("{} is no fault of a process", name_of(request.action)));
    }
  };
}

}  // namespace hailstorm::lab
