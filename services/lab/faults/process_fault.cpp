#include "services/lab/faults/process_fault.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "services/lab/faults/proc.h"

namespace hailstorm::lab {
namespace {

constexpr int kKnockMs = 150;

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

Probe ProcessFault::is_dead(pid_t pid) const {
  const Ports ports = knock_all(ports_, PortAnswer::refuses);
  const bool is_on = is_gone(pid) && ports.as_expected;
  return {is_on ? Effect::on : Effect::unclear, stat_says(pid) + ports.evidence};
}

Probe ProcessFault::serves(Effect without) const {
  const auto view = processes_.look(name_);
  if (!view.ok()) return {Effect::unclear, view.error().message()};
  if (view->pid == 0) return {without, fmt::format("{} has no process", name_)};
  // Where it listens now: a program that took any free port has another one after a start.
  const auto now = listening_ports(view->pid);
  const Ports ports = knock_all(now, PortAnswer::answers);
  const bool is_well = !is_gone(view->pid) && now.size() >= ports_.size() && ports.as_expected &&
                       !is_stopped(view->pid);
  return {is_well ? Effect::off : Effect::unclear, stat_says(view->pid) + ports.evidence};
}

ProcessFault::Ports ProcessFault::knock_all(const std::vector<ListeningPort>& ports,
                                            PortAnswer expected) {
  constexpr std::array kWords = {"refuses", "takes the connection and answers nothing", "answers"};
  Ports seen;
  // From the last on: a program's port for HTTP is above its others.
  for (auto port = ports.rbegin(); port != ports.rend(); ++port) {
    const PortAnswer answer = knock(*port, kKnockMs);
    seen.evidence = fmt::format("; port {} {}", port->port, kWords[static_cast<size_t>(answer)]);
    seen.as_expected = answer == expected;
    if (seen.as_expected != (expected == PortAnswer::refuses)) break;
  }
  return seen;
}

}  // namespace hailstorm::lab
