#pragma once

#include <string_view>

namespace hailstorm::lab {

/// How the platform fails to run.
enum class PlatformErrc {
  port_in_use,
  cannot_start,  // the agent, or a process through it
  agent_failed,  // the agent does not answer, or refuses
  not_ready,     // a process was not ready in time
  died,          // a process ended by itself
  stopped,       // by a signal
};
[[nodiscard]] std::string_view name_of(PlatformErrc code);

}  // namespace hailstorm::lab
