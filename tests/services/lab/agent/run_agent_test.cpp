#include "services/lab/agent/run_agent.h"

#include <fstream>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "common/base/token_file.h"
#include "services/lab/agent/token.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using testing::TempFolder;

constexpr int kCouldNotStart = -1;  // an error and no exit code

class RunAgentTest : public ::testing::Test {
 protected:
  RunAgentTest() {
    settings_.port = 0;
    settings_.token_file = (folder_.path() / "token").string();
    std::ofstream(settings_.token_file) << "";
    settings_.fallback_token = (folder_.path() / "made").string();
    settings_.hold = "one";
  }
  int run(const std::string& script) {
    settings_.command = {"/bin/sh", "-c", script};
    return run_it();
  }
  int run_it() {
    ServerStart start(stop_, [] {});
    const auto ended = run_agent(settings_, SystemClock(), start);
    return ended.ok() ? *ended : kCouldNotStart;
  }
  /// Runs until the script has written the file "up", then asks it to stop.
  int run_and_stop(const std::string& script) {
    const auto up = folder_.path() / "up";
    std::jthread stopper([&](const std::stop_token& gone) {
      (void)testing::await([&] { return gone.stop_requested() || std::filesystem::exists(up); });
      stop_.request();
    });
    return run(script + "; touch " + up.string() + "; while :; do sleep 0.01; done");
  }

  TempFolder folder_;
  StopSignal stop_;
  AgentSettings settings_;
};

TEST_F(RunAgentTest, AProcessThatRefusesToStartEndsTheAgentWithItsCode) {
  EXPECT_EQ(run("exit 2"), 2);
}

TEST_F(RunAgentTest, ACleanStopIsHandedOnAndIsZero) {
  EXPECT_EQ(run_and_stop("trap 'exit 0' TERM"), 0);
}

TEST_F(RunAgentTest, WhatMustBeKilledAtTheEndIsNoCleanStop) {
  settings_.grace_ms = 50;
  EXPECT_EQ(run_and_stop("trap '' TERM"), 128 + 9);
}

TEST_F(RunAgentTest, AProgramThatIsNotThereIsRefused) {
  settings_.command = {"/no/such/program"};
  EXPECT_EQ(run_it(), kCouldNotStart);
}

TEST_F(RunAgentTest, AMissingTokenFileIsRefused) {
  std::filesystem::remove(settings_.token_file);
  EXPECT_EQ(run("exit 0"), kCouldNotStart);
  EXPECT_FALSE(std::filesystem::exists(settings_.fallback_token)) << "no silent second choice";
}

TEST_F(RunAgentTest, WithoutAnyTokenFileItIsRefused) {
  settings_.token_file.clear();
  settings_.fallback_token.clear();
  EXPECT_EQ(run("exit 0"), 2);
}

TEST_F(RunAgentTest, AGivenTokenIsUsedAndNoneIsMade) {
  std::ofstream(settings_.token_file) << "0123456789abcdef\n";
  EXPECT_EQ(run_and_stop("trap 'exit 0' TERM"), 0);
  EXPECT_FALSE(std::filesystem::exists(settings_.fallback_token));
}

TEST(TokenTest, AnEmptyFileLeavesItToTheFallback) {
  const TempFolder folder;
  const std::string fallback = (folder.path() / "made").string();
  const std::string empty = (folder.path() / "token").string();
  std::ofstream(empty) << "";
  const auto made = agent_token(empty, fallback);
  ASSERT_OK(made);
  EXPECT_EQ(agent_token(empty, fallback).value(), *made) << "made once";
  EXPECT_EQ(agent_token("", fallback).value(), *made) << "no file is named";
  EXPECT_FAILS_WITH(agent_token(empty, ""), TokenErrc::unusable);
}

TEST(TokenTest, AFileThatCannotBeUsedIsNoEmptyOne) {
  const TempFolder folder;
  const std::string fallback = (folder.path() / "made").string();
  const std::string short_one = (folder.path() / "short").string();
  std::ofstream(short_one) << "short";
  for (const auto& file : {folder.path().string(), short_one, short_one + ".not"}) {
    EXPECT_FAILS_WITH(agent_token(file, fallback), TokenErrc::unusable);
  }
  EXPECT_FALSE(std::filesystem::exists(fallback));
}

}  // namespace
}  // namespace hailstorm::lab
