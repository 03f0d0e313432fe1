#include "tests/docs/documented_command.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

namespace hailstorm::docs {
namespace {

using Words = std::vector<std::string>;

/// The services of docker-compose.yml that are started with arguments, and their programs.
const std::map<std::string, std::string>& started_in_containers() {
  static const std::map<std::string, std::string> programs = {{"lab", "hail-lab"},
                                                              {"traffic", "hail-traffic"}};
  return programs;
}

bool is_end(const std::string& word) {
  static const std::array<std::string_view, 7> ends = {"|", "||", "&&", "&", ">", "<", "2>"};
  return std::ranges::find(ends, word) != ends.end() || word.starts_with("2>") ||
         word.starts_with("<") || word.starts_with(">");
}

bool is_program(const std::string& word) {
  static const std::regex ours(R"((?:build/release/bin/)?hail(?:-[a-z]+)?|\./demo|\./test)");
  return std::regex_match(word, ours);
}

std::string name_of(const std::string& word) {
  return word.starts_with("./") ? word : word.substr(word.rfind('/') + 1);
}

Words words_of(std::string_view code) {
  std::string text(code.substr(0, code.find("  #")));
  for (size_t at = text.find(';'); at != text.npos; at = text.find(';', at + 3)) {
    text.replace(at, 1, " | ");
  }
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

/// Of "docker compose run …" and "docker compose exec …": where our program's name, or the service
/// that stands for it, is. `end`: there is none.
Words::const_iterator in_containers(Words::const_iterator begin, Words::const_iterator end) {
  if (end - begin < 4 || *begin != "docker" || *(begin + 1) != "compose") return end;
  if (*(begin + 2) == "exec") return std::find_if(begin, end, is_program);
  if (*(begin + 2) != "run" || std::find(begin, end, "--entrypoint") != end) return end;
  return std::find_if(begin, end,
                      [](const auto& word) { return started_in_containers().contains(word); });
}

/// The words before a program that do not change what it is: a prompt, "!", NAME=VALUE.
bool is_before_a_command(const std::string& word) {
  static const std::regex variable(R"([A-Z_]+=\S*)");
  return word == "$" || word == "!" || std::regex_match(word, variable);
}

}  // namespace

std::vector<Command> commands_in(std::string_view code) {
  const Words words = words_of(code);
  std::vector<Command> commands;
  for (auto begin = words.begin(); begin != words.end();) {
    const auto end = std::find_if(begin, words.end(), is_end);
    begin = std::find_if_not(begin, end, is_before_a_command);
    auto at = begin != end && is_program(*begin) ? begin : in_containers(begin, end);
    if (at != end) {
      const auto in_container = started_in_containers().find(*at);
      commands.push_back(
          {in_container != started_in_containers().end() ? in_container->second : name_of(*at),
           Words(at + 1, end)});
    }
    begin = end == words.end() ? end : end + 1;
  }
  return commands;
}

}  // namespace hailstorm::docs
