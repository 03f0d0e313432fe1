#pragma once

#include <string_view>

namespace hailstorm::lab {

/// How an agent fails to do what it was asked for.
enum class AgentErrc {
  cannot_start,     // no such program, no log file, no more processes
  unknown_process,  // no process of that name was ever started
  wrong_state,      // e.g. to freeze a process that has ended
  program_failed,   // a program that was to do something ended otherwise than with exit code 0
};
[[nodiscard]] std::string_view name_of(AgentErrc code);

}  // namespace hailstorm::lab
