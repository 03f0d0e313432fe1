#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/http.h"
#include "services/lab/faults/fault.h"
#include "services/lab/platform/platform.h"

namespace hailstorm::lab {

/// Takes faults for the whole platform, and hands each to the agent that can inject it. The agents
/// hold the leases: what is on is asked of them each time, so it is right also after a restart of
/// this process.
///
/// Thread safety: safe.
class FaultDesk {
 public:
  /// `platform` must remain live while this is in use, and be started before it is.
  explicit FaultDesk(Platform& platform) : platform_(platform) {}

  // These give the agent's answer as it is: a fault's state, or the problem with which it refuses.

  /// Returns when the fault is proven, or could not be within 3 s. One without an id gets one.
  [[nodiscard]] http::Response inject(FaultRequest request);
  [[nodiscard]] http::Response find(const std::string& id);
  /// Ends the fault before its time.
  [[nodiscard]] http::Response revert(const std::string& id);

  /// Those that are on, and the last that ended, of all agents; in the order in which they were
  /// asked for. An agent that does not answer adds none. Error agent_failed: none answers.
  [[nodiscard]] Result<std::vector<FaultState>> list();
  /// Reverts all at once; gives how many there were. Error agent_failed: an agent did not answer;
  /// the others' faults are reverted nevertheless.
  [[nodiscard]] Result<int64_t> reset();

 private:
  [[nodiscard]] AgentClient& agent_for(const FaultRequest& request);
  [[nodiscard]] http::Response ask_holder(const std::string& method, const std::string& id);

  Platform& platform_;
};

/// {"faults":[…]}.
[[nodiscard]] json::Value to_json(const std::vector<FaultState>& faults);

}  // namespace hailstorm::lab
