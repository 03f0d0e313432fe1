#pragma once

#include <string_view>

namespace hailstorm::lab {

/// How a supervisor fails to run the platform.
enum class SupervisorErrc {
  port_in_use,
  cannot_start,  // the agent, or a process through it
  agent_failed,  // the agent does not answer, or refuses
  not_ready,     // a process was not ready in time
  died,          // a process ended by itself
};
[[nodiscard]] std::string_view name_of(SupervisorErrc code);

}  // namespace hailstorm::lab
