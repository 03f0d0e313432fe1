#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailstorm::docs {

/// A call of one of our programs that a document shows.
struct Command {
  std::string program;             // "hail", "hail-lab", "./test"
  std::vector<std::string> words;  // its arguments up to the end of the command
};

/// The calls of our programs in a line of code: at its begin, also after "$ ", after a pipe, a
/// semicolon or &&, and in containers: "docker compose run … lab story" is hail-lab story. A
/// comment after two blanks and # is none of it.
[[nodiscard]] std::vector<Command> commands_in(std::string_view code);

}  // namespace hailstorm::docs
