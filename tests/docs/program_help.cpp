#include "tests/docs/program_help.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/support/run_program.h"

namespace hailstorm::docs {
namespace {

namespace fs = std::filesystem;

/// What the help of a program, or of one of its subcommands, lists.
struct Help {
  std::set<std::string> options;
  std::set<std::string> subcommands;
};

Help parse_help(const std::string& text) {
  static const std::regex option("--[a-z][a-z-]*");
  static const std::regex subcommand(R"(  ([a-z]+(?:-[a-z]+)*)  .*)");
  Help help;
  for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) {
    help.options.insert(at->str());
  }
  std::istringstream lines(text.substr(std::min(text.find("Subcommands:"), text.size())));
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_match(line, found, subcommand)) help.subcommands.insert(found[1]);
  }
  return help;
}

fs::path path_of(const std::string& program) {
  const bool is_script = program.starts_with("./");
  return is_script ? fs::path(HAILSTORM_SOURCE_DIR) / program : testing::program_folder() / program;
}

const Help& help_of(std::vector<std::string> call) {
  static std::map<std::vector<std::string>, Help> known;
  const auto found = known.find(call);
  if (found != known.end()) return found->second;
  std::vector<std::string> arguments = call;
  arguments.front() = path_of(call.front()).string();
  arguments.emplace_back("--help");
  return known[call] = parse_help(testing::run_program(arguments).out);
}

/// The test programs, from the CMakeLists.txt files in tests/.
const std::set<std::string>& test_programs() {
  static const std::set<std::string> names = [] {
    static const std::regex call(R"(\bhailstorm_test\((\w+))");
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(HAILSTORM_SOURCE_DIR "/tests")) {
      if (entry.path().filename() != "CMakeLists.txt") continue;
      const std::string text = testing::read_text(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) {
        found.insert((*at)[1]);
      }
    }
    return found;
  }();
  return names;
}

/// "--rides=8," is --rides; empty: the word is no option.
std::string option_in(const std::string& word) {
  static const std::regex option("[\\[(]?(--[a-z][a-z-]*).*");
  std::smatch found;
  return std::regex_match(word, found, option) ? found[1].str() : "";
}

/// "NAME", "8" and "'a b'" are no subcommands.
bool may_be_a_subcommand(const std::string& word) {
  static const std::regex name("[a-z]+(?:-[a-z]+)*");
  return std::regex_match(word, name);
}

}  // namespace

std::string check_command(const Command& command) {
  std::vector<std::string> call = {command.program};
  std::set<std::string> options = help_of(call).options;
  if (options.empty()) return command.program + " is no program that has a --help";
  bool has_arguments = false;
  for (const auto& word : command.words) {
    const std::string option = option_in(word);
    if (!option.empty()) {
      if (option != "--help" && !options.contains(option)) {
        return fmt::format("{} has no option {}", fmt::join(call, " "), option);
      }
      continue;
    }
    const Help& help = help_of(call);
    if (help.subcommands.contains(word)) {
      call.push_back(word);
      options.merge(std::set<std::string>(help_of(call).options));
    } else if (!has_arguments && !help.subcommands.empty() && may_be_a_subcommand(word)) {
      return fmt::format("{} has no subcommand {}", fmt::join(call, " "), word);
    } else if (command.program == "./test" && word.ends_with("_test") &&
               !test_programs().contains(word)) {
      return "there is no test program " + word;
    }
    has_arguments = has_arguments || help.subcommands.empty();
  }
  return "";
}

}  // namespace hailstorm::docs
