#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/docs/documented_command.h"

namespace hailstorm::docs {

/// What is wrong with a command that a document shows: a subcommand or an option that the help of
/// its program does not have, or a test program that is not built. Empty: nothing. Runs the program
/// with --help, once for each program and subcommand.
///
/// Thread safety: not safe.
[[nodiscard]] std::string check_command(const Command& command);

}  // namespace hailstorm::docs
