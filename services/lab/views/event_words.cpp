#include "services/lab/views/event_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <utility>

#include "common/base/counted.h"

namespace hailstorm::lab {
namespace {

std::string fault_name(const FaultState& fault) {
  return fmt::format("{} {}", name_of(fault.request.action), fault.request.target);
}

std::string fault_words(const FaultState& fault) {
  const std::string name = fault_name(fault);
  const auto with_evidence = [&fault](std::string text) {
    return fault.evidence.empty() ? text : text + ": " + fault.evidence;
  };
  switch (fault.phase) {
    case FaultPhase::asked:
      return name + " is wanted";
    case FaultPhase::injected:
      return name + " is on";
    case FaultPhase::proven:
      return with_evidence(name + " is proven");
    case FaultPhase::not_proven:
      return with_evidence(name + " is NOT proven");
    case FaultPhase::reverted:
      return name + " is reverted";
    case FaultPhase::proven_off:
      return with_evidence(name + " is proven off");
  }
  return name;
}

std::string state_words(const ProcessSample& one) {
  switch (one.process.state) {
    case ProcessState::running:
      return one.process.name + " runs";
    case ProcessState::frozen:
      return one.process.name + " is frozen";
    case ProcessState::exited:
      return one.process.name + (one.held_down ? " is down" : " has ended");
  }
  return one.process.name;
}

std::string traffic_words(const TrafficState& traffic) {
  if (!traffic.running || traffic.rate == 0) return "no riders ride";
  return fmt::format("riders: {:g} rides/s on {}", traffic.rate, fmt::join(traffic.lanes, " and "));
}

}  // namespace

void EventWords::add(int64_t t_ms, std::string text) {
  events_.push_back({++last_id_, t_ms, std::move(text)});
  if (events_.size() > kKept) events_.pop_front();
}

void EventWords::look(int64_t t_ms, const PlatformSample& sample, const TrafficState& traffic,
                      const std::vector<FaultState>& faults) {
  look_at_faults(t_ms, faults);  // the cause first
  look_at_processes(t_ms, sample);
  look_at_groups(t_ms, sample);
  const std::string riders = traffic_words(traffic);
  if (riders != riders_) add(t_ms, riders);
  riders_ = riders;
}

void EventWords::look_at_processes(int64_t t_ms, const PlatformSample& sample) {
  for (const ProcessSample& one : sample.processes) {
    if (!one.is_known) continue;
    const std::string state = state_words(one);
    Process& before = processes_[one.process.name];
    if (state != before.state) add(t_ms, state);
    if (one.ready && !before.ready) add(t_ms, one.process.name + " is ready");
    before = {state, one.ready};
  }
}

void EventWords::look_at_groups(int64_t t_ms, const PlatformSample& sample) {
  for (const auto& [name, group] : sample.groups) {
    Group& before = groups_[name];
    const Group now = {group.info.epoch, group.members.size()};
    if (now.epoch != before.epoch || now.members != before.members) {
      add(t_ms,
          fmt::format("group {}: epoch {}, {}", name, now.epoch, counted(now.members, "member")));
    }
    before = now;
  }
}

void EventWords::look_at_faults(int64_t t_ms, const std::vector<FaultState>& faults) {
  std::map<std::string, FaultPhase> now;
  for (const FaultState& one : faults) {
    const auto before = faults_.find(one.request.id);
    // What ended before this began to look is no news.
    const bool is_news =
        before == faults_.end() ? one.is_on() || last_id_ > 0 : before->second != one.phase;
    if (is_news) add(t_ms, fault_words(one));
    now[one.request.id] = one.phase;
  }
  faults_ = std::move(now);
}

}  // namespace hailstorm::lab
