#pragma once

#include <string_view>

namespace hailstorm::lab {

/// What holding the platform can fail at.
enum class SupervisorErrc {
  port_in_use,
  cannot_start,  // the agent, or a process through it
  agent_failed,  // the agent does not answer, or refuses
  not_ready,     // a process was not ready in time
  died,          // a process ended that nobody had told to
};
[[nodiscard]] std::string_view name_of(SupervisorErrc code);

}  // namespace hailstorm::lab
