#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "services/registry/services.h"
#include "tests/support/free_ports.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;

/// hail-lab's commands that break a platform of their own, on real processes.
class LabCommandsTest : public ::testing::Test {
 protected:
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program_folder() / "hail-lab");
    arguments.insert(arguments.end(),
                     {"--data", folder_.path() / "data", "--programs", program_folder(),
                      "--base-port", std::to_string(free_ports(registry::port_range()))});
    return run_program(arguments, "", 180'000);
  }

  TempFolder folder_;
};

TEST_F(LabCommandsTest, AStormOfFifteenSecondsLosesNothing) {
  const auto result = run({"storm", "--seed", "7", "--minutes", "0.25"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("Verdict: passed"));
}

TEST_F(LabCommandsTest, TwentyKillsAreTwentyKillsAndLoseNothing) {
  const auto result = run({"storm", "--seed", "3", "--kills", "20"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("kill                20        20"));
}

TEST_F(LabCommandsTest, AFrozenServiceHurtsTheChainAndNoOther) {
  const std::string report = folder_.path() / "blast.html";
  const auto result =
      run({"blast", "--quick", "--faults", "freeze", "--targets", "payment", "--report", report});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr(", 0 surprises;"));
  EXPECT_THAT(read_text(report), HasSubstr("chain lane"));
}

TEST_F(LabCommandsTest, WhatIsNoRecordingIsNotDoneAgain) {
  const std::string file = folder_.path() / "incident.jsonl";
  std::ofstream(file) << "{}\n";
  const auto result = run({"rerun", file});
  EXPECT_EQ(result.exit_code, 2) << result.out;
  EXPECT_THAT(result.err, HasSubstr("hail-lab rerun: "));
}

}  // namespace
}  // namespace hailstorm::testing
