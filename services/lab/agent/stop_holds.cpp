#include "services/lab/agent/stop_holds.h"

#include <algorithm>
#include <csignal>

namespace hailstorm::lab {

void StopHolds::hold(const std::string& name, const std::string& holder, bool part_time) {
  const std::lock_guard lock(mutex_);
  OneProcess& one = processes_[name];
  one.holders[holder] = part_time;
  if (one.pid != 0) ::kill(one.pid, SIGSTOP);
}

void StopHolds::release(const std::string& name, const std::string& holder) {
  const std::lock_guard lock(mutex_);
  OneProcess& one = processes_[name];
  one.holders.erase(holder);
  if (one.holders.empty() && one.pid != 0) ::kill(one.pid, SIGCONT);
}

void StopHolds::started(const std::string& name, pid_t pid) {
  const std::lock_guard lock(mutex_);
  OneProcess& one = processes_[name];
  one.pid = pid;
  if (!one.holders.empty()) ::kill(pid, SIGSTOP);
}

void StopHolds::ends(const std::string& name) {
  const std::lock_guard lock(mutex_);
  OneProcess& one = processes_[name];
  if (one.pid != 0) ::kill(one.pid, SIGCONT);
  one.pid = 0;
  one.holders.erase(kByHand);
}

bool StopHolds::is_part_time(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = processes_.find(name);
  return found != processes_.end() && !found->second.holders.empty() &&
         std::all_of(found->second.holders.begin(), found->second.holders.end(),
                     [](const auto& holder) { return holder.second; });
}

bool StopHolds::is_held(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = processes_.find(name);
  return found != processes_.end() && !found->second.holders.empty();
}

}  // namespace hailstorm::lab
