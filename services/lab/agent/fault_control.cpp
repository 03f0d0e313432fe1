#include "services/lab/agent/fault_control.h"

#include "services/lab/faults/fault.h"

namespace hailstorm::lab {
namespace {

constexpr int kProgramTakesMs = 10'000;

Error as_fault_error(const Error& error) {
  if (error.is(AgentErrc::unknown_process)) return {FaultErrc::unknown_target, error.message()};
  if (error.is(AgentErrc::wrong_state)) return {FaultErrc::not_possible, error.message()};
  return {FaultErrc::failed, error.message()};
}

Status done(const Result<ProcessInfo>& result) {
  if (result.ok()) return {};
  return as_fault_error(result.error());
}

}  // namespace

std::string data_of(const SpawnRequest& request) {
  return request.data.empty() ? option_in(request.argv, "--data") : request.data;
}

Result<ProcessControl::View> FaultControl::look(const std::string& name) {
  const auto info = table_.describe(name);
  if (!info.ok()) return as_fault_error(info.error());
  auto request = table_.request_of(name);
  if (!request.ok()) return as_fault_error(request.error());
  return View{.pid = info->state == ProcessState::exited ? 0 : info->pid,
              .is_held_down = info->is_held_down,
              .data = data_of(*request),
              .argv = std::move(request->argv)};
}

Status FaultControl::hold_down(const std::string& name, const std::string& holder) {
  return done(table_.hold_down(name, holder));
}

Status FaultControl::let_up(const std::string& name, const std::string& holder) {
  return done(table_.let_up(name, holder));
}

Status FaultControl::restart(const std::string& name, int grace_ms) {
  return done(table_.restart(name, grace_ms));
}

void FaultControl::hold_stopped(const std::string& name, const std::string& holder,
                                bool part_time) {
  table_.stops().hold(name, holder, part_time);
}

void FaultControl::release(const std::string& name, const std::string& holder) {
  table_.stops().release(name, holder);
}

Result<std::string> FaultControl::run_program(const std::string& program,
                                              std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), programs_ / program);
  auto said = table_.run_to_end(std::move(arguments), kProgramTakesMs);
  if (!said.ok()) return as_fault_error(said.error());
  return said;
}

}  // namespace hailstorm::lab
