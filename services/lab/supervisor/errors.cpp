#include "services/lab/supervisor/errors.h"

namespace hailstorm::lab {

std::string_view name_of(SupervisorErrc code) {
  switch (code) {
    case SupervisorErrc::port_in_use:
      return "port_in_use";
    case SupervisorErrc::cannot_start:
      return "cannot_start";
    case SupervisorErrc::agent_failed:
      return "agent_failed";
    case SupervisorErrc::not_ready:
      return "not_ready";
    case SupervisorErrc::died:
      return "died";
  }
  return "unknown";
}

}  // namespace hailstorm::lab
