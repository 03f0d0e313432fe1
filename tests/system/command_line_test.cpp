#include <algorithm>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "services/registry/services.h"
#include "tests/support/child.h"
#include "tests/support/closed_pipe.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

std::vector<std::string> every_program() {
  std::vector<std::string> all = {"hail", "hail-broker", "hail-traffic", "hail-lab"};
  for (const auto& name : registry::names()) all.push_back("hail-" + name);
  return all;
}
const std::vector<std::string> kPrograms = every_program();

/// An option as --help shows it.
struct Option {
  std::vector<std::string> command;  // the program, and the names of its subcommands
  std::string name;                  // "--rate"
  std::string takes;                 // "0.001..100000", "debug|info", "TEXT", empty for a flag
  std::string variable;              // "HAIL_RATE"
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

ProgramResult run(std::vector<std::string> arguments) {
  arguments.front() = program_folder() / arguments.front();
  return run_program(arguments);
}

/// Adds the options of `command` and of all its subcommands.
void collect(const std::vector<std::string>& command, std::vector<Option>& options) {
  static const std::regex kOption(R"(  (--[a-z-]+)(?: ([^ =(]+))?[^(]*\(Env:([A-Z_]+)\).*)");
  static const std::regex kCommand(R"(  ([a-z]+) .*)");
  auto arguments = command;
  arguments.emplace_back("--help");
  bool are_commands = false;
  for (const auto& line : lines_of(run(arguments).out)) {
    std::smatch found;
    are_commands = are_commands || line == "Subcommands:";
    if (std::regex_match(line, found, kOption)) {
      options.push_back({command, found[1], found[2], found[3]});
    } else if (are_commands && std::regex_match(line, found, kCommand)) {
      auto inner = command;
      inner.push_back(found[1]);
      collect(inner, options);
    }
  }
}

const std::vector<Option>& every_option() {
  static const std::vector<Option> all = [] {
    std::vector<Option> options;
    for (const auto& program : kPrograms) collect({program}, options);
    return options;
  }();
  return all;
}

/// Least and most of an option that takes a number.
struct Bounds {
  std::string least, most;
};
std::optional<Bounds> bounds_of(const Option& option) {
  static const std::regex kRange(R"((-?[0-9.]+?)\.\.(-?[0-9.]+))");
  std::smatch found;
  if (!std::regex_match(option.takes, found, kRange)) return std::nullopt;
  return Bounds{found[1], found[2]};
}

/// Exit code 2, and one line that names the program and the option.
void expect_refused(const Option& option, const std::string& name, const ProgramResult& result,
                    const std::string& value) {
  const std::string what = option.command.back() + " " + option.name + " '" + value + "'";
  EXPECT_EQ(result.exit_code, 2) << what << result.out << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << what << result.err;
  EXPECT_TRUE(result.err.starts_with(option.command.front() + ": ")) << what << result.err;
  EXPECT_NE(result.err.find(name), std::string::npos) << what << result.err;
}

ProgramResult given(const Option& option, const std::vector<std::string>& arguments) {
  auto all = option.command;
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run(all);
}

TEST(CommandLineTest, EveryNumberIsInItsRangeAndWrittenInTheUsualWay) {
  int count = 0;
  for (const auto& option : every_option()) {
    const auto bounds = bounds_of(option);
    if (!bounds) continue;
    ++count;
    for (const std::string value :
         {"", "08", "1x", "99999999999999999999", " 1", "-2", "0x10", "nan", "--help"}) {
      const auto result = given(option, {option.name, value});
      expect_refused(option, option.name, result, value);
      EXPECT_NE(result.err.find("from " + bounds->least + " to " + bounds->most), std::string::npos)
          << result.err;
    }
  }
  EXPECT_GT(count, 40);
}

TEST(CommandLineTest, NoNumberIsGivenTwice) {
  for (const auto& option : every_option()) {
    const auto bounds = bounds_of(option);
    if (!bounds) continue;
    const auto twice =
        given(option, {option.name, bounds->least, option.name + "=" + bounds->least});
    expect_refused(option, option.name + " is given twice", twice, bounds->least);
  }
}

TEST(CommandLineTest, VariablesFollowTheSameRule) {
  for (const auto& option : every_option()) {
    if (!bounds_of(option)) continue;
    for (const std::string value : {"", "08"}) {
      std::vector<std::string> arguments = {"/usr/bin/env", option.variable + "=" + value,
                                            program_folder() / option.command.front()};
      arguments.insert(arguments.end(), option.command.begin() + 1, option.command.end());
      expect_refused(option, option.variable, run_program(arguments), value);
    }
  }
}

TEST(CommandLineTest, NoTextIsEmpty) {
  int count = 0;
  for (const auto& option : every_option()) {
    if (option.takes.empty()) continue;
    ++count;
    expect_refused(option, option.name + " is empty", given(option, {option.name, ""}), "");
    expect_refused(option, option.name + " has no value", given(option, {option.name}), "");
  }
  EXPECT_GT(count, 80);
}

TEST(CommandLineTest, EveryChoiceListsItsValues) {
  int count = 0;
  for (const auto& option : every_option()) {
    if (option.takes.find('|') == std::string::npos) continue;
    ++count;
    const std::string first = option.takes.substr(0, option.takes.find('|'));
    for (const std::string& value : {std::string("bogus"), " " + first, first + ",", first + "x"}) {
      const auto result = given(option, {option.name, value});
      expect_refused(option, option.name, result, value);
      EXPECT_NE(result.err.find(" or "), std::string::npos) << result.err;
      EXPECT_NE(result.err.find(first), std::string::npos) << result.err;
    }
  }
  EXPECT_GE(count, 9);
}

TEST(CommandLineTest, EveryAddressIsOneAddress) {
  int count = 0;
  for (const auto& option : every_option()) {
    const size_t scheme_end = option.takes.find("://HOST:PORT");
    if (scheme_end == std::string::npos) continue;
    ++count;
    const std::string scheme = option.takes.substr(0, scheme_end) + "://";
    for (const std::string rest :
         {"", "a", "a:", ":7400", "a:0", "a:65536", "a:07400", "a:7400,b:7400", "a b:7400",
          "*:7400", "user@a:7400", "[::1:7400", "::1:7400", "[]:7400", "256.1.1.1:7400",
          "a:7400 "}) {
      expect_refused(option, option.name, given(option, {option.name, scheme + rest}), rest);
    }
    expect_refused(option, option.name, given(option, {option.name, "ftp://a:7400"}), "ftp");
  }
  EXPECT_GE(count, 12);
}

TEST(CommandLineTest, EveryHostIsANameOrAnIpAddress) {
  int count = 0;
  for (const auto& option : every_option()) {
    if (option.takes != "HOST") continue;
    ++count;
    for (const std::string value :
         {"a b", "a,b", "*", "user@a", "a:1", "[::1", "300.1.1.1", "-a"}) {
      expect_refused(option, option.name, given(option, {option.name, value}), value);
    }
  }
  EXPECT_GE(count, 7);
}

TEST(CommandLineTest, OutputThatCannotBeWrittenIsAFailure) {
  for (const auto& program : kPrograms) {
    const TempFolder folder;
    Child child({program_folder() / program, "--help"},
                {.in = {}, .out = "/dev/full", .err = folder.path() / "err"});
    EXPECT_EQ(child.wait(), 1) << program;
    EXPECT_EQ(read_text(folder.path() / "err"), program + ": cannot write to standard output\n");
  }
}

TEST(CommandLineTest, HelpForAReaderThatHasGoneEndsQuietly) {
  for (const auto& program : kPrograms) expect_quiet_end({program_folder() / program, "--help"});
}

TEST(CommandLineTest, TooFewOpenFilesAreRefusedAtTheStart) {
  for (const auto& program : kPrograms) {
    const auto result = run_program(
        {"/bin/sh", "-c", "ulimit -n 24; exec \"$0\" --data /nowhere", program_folder() / program});
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_TRUE(result.err.starts_with(program + ": at most 24 files")) << result.err;
    EXPECT_NE(result.err.find("ulimit -n"), std::string::npos) << result.err;
  }
}

TEST(CommandLineTest, ASoftLimitOfOpenFilesIsRaised) {
  for (const auto& program : kPrograms) {
    const auto result = run_program(
        {"/bin/sh", "-c", "ulimit -S -n 24; exec \"$0\" --help", program_folder() / program});
    EXPECT_EQ(result.exit_code, 0) << program << result.err;
  }
}

}  // namespace
}  // namespace hailstorm::testing
