#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/run_program.h"
#include "tests/support/served_lab.h"

namespace hailstorm::testing {
namespace {

/// `hail-lab faults` at a running lab.
class FaultsCommandTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { lab = std::make_unique<ServedLab>(); }
  static void TearDownTestSuite() { lab.reset(); }

  static ProgramResult faults(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {program_folder() / "hail-lab", "faults"});
    arguments.insert(arguments.end(),
                     {"--lab", lab->url(), "--token-file", lab->token_file().string()});
    return run_program(arguments);
  }
  static ProgramResult inject(const std::string& target, const std::string& action,
                              const std::string& by = "a test") {
    return faults(
        {"inject", "--target", target, "--action", action, "--duration", "60s", "--by", by});
  }
  void TearDown() override { (void)faults({"reset"}); }

  static std::unique_ptr<ServedLab> lab;
};
std::unique_ptr<ServedLab> FaultsCommandTest::lab;

TEST_F(FaultsCommandTest, AProvenFaultIsShownWithItsPhasesUntilItEnds) {
  const auto injected = inject("payment", "freeze", "lesson 2");
  ASSERT_EQ(injected.exit_code, 0) << injected.err;
  EXPECT_NE(injected.out.find("freeze of payment for 1m, by lesson 2: proven"), std::string::npos)
      << injected.out;
  EXPECT_NE(injected.out.find("says T"), std::string::npos) << injected.out;
  const std::string id = injected.out.substr(0, injected.out.find(' '));
  EXPECT_NE(faults({"list"}).out.find(id), std::string::npos);
  const auto reverted = faults({"revert", id});
  EXPECT_EQ(reverted.exit_code, 0) << reverted.err;
  EXPECT_NE(reverted.out.find("reverted"), std::string::npos) << reverted.out;
  EXPECT_TRUE(
      await([] { return faults({"list"}).out.find("lesson 2: proven off") != std::string::npos; }));
}

TEST_F(FaultsCommandTest, ATargetIsHeldByOneAndTheSecondLearnsItsName) {
  ASSERT_EQ(inject("matching", "kill", "a teacher").exit_code, 0);
  const auto second = inject("matching", "kill", "a pupil");
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("a teacher"), std::string::npos) << second.err;
  EXPECT_EQ(inject("notification", "kill").exit_code, 0) << "another target is free";
  const auto reset = faults({"reset"});
  EXPECT_EQ(reset.exit_code, 0);
  EXPECT_EQ(reset.out, "2 faults ended.\n");
}

TEST_F(FaultsCommandTest, WhatIsRefusedGivesOneAndBadUsageTwo) {
  EXPECT_EQ(inject("nobody", "kill").exit_code, 1);
  EXPECT_EQ(faults({"revert", "nothing"}).exit_code, 1);
  EXPECT_EQ(inject("payment", "melt").exit_code, 2);
  EXPECT_EQ(faults({"inject", "--target", "payment"}).exit_code, 2);
  EXPECT_EQ(
      faults({"inject", "--target", "payment", "--action", "kill", "--duration", "7"}).exit_code,
      2);
  EXPECT_EQ(
      faults({"inject", "--target", "payment", "--action", "slow", "--attribute", "x"}).exit_code,
      2);
  EXPECT_EQ(faults({}).exit_code, 2);
}

TEST_F(FaultsCommandTest, ItsVariableCarriesTheTokenAsChaosToolkitSendsIt) {
  const std::string program = program_folder() / "hail-lab";
  const auto with = [&](const std::string& bearer) {
    return run_program({"/usr/bin/env", "HAIL_LAB_BEARER=" + bearer, program, "faults", "reset",
                        "--lab", lab->url()});
  };
  EXPECT_EQ(with(lab->bearer()).exit_code, 0);
  EXPECT_EQ(with("Bearer not-the-token-of-this-lab").exit_code, 1);
  EXPECT_EQ(run_program({program, "faults", "list", "--lab", lab->url()}).exit_code, 0)
      << "reading is free";
}

TEST_F(FaultsCommandTest, AStormThatTheLabDoesNotTakeOrdersFromGivesNoVerdict) {
  const auto storm = run_program({"/usr/bin/env", "HAIL_LAB_BEARER=Bearer not-the-token",
                                  program_folder() / "hail-lab", "storm", "--lab", lab->url()});
  EXPECT_EQ(storm.exit_code, 2) << storm.out;
  EXPECT_NE(storm.err.find("hail-lab storm: this changes something"), std::string::npos)
      << storm.err;
  EXPECT_EQ(storm.out.find("Verdict"), std::string::npos) << storm.out;
}

}  // namespace
}  // namespace hailstorm::testing
