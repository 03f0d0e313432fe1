#include "services/lab/agent/run_agent.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>
#include <vector>

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
    const auto ended = run_agent(settings_, start);
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

TEST_F(RunAgentTest, AGivenTokenIsUsedAndNoneIsMade) {
  std::ofstream(settings_.token_file) << "0123456789abcdef\n";
  EXPECT_EQ(run_and_stop("trap 'exit 0' TERM"), 0);
  EXPECT_FALSE(std::filesystem::exists(settings_.fallback_token));
}

TEST(TokenTest, OfSeveralThatMakeOneTheFirstWins) {
  const TempFolder folder;
  const std::string file = (folder.path() / "token").string();
  ASSERT_OK(write_token(file, "0123456789abcdef", true));
  ASSERT_OK(write_token(file, "fedcba9876543210", true));
  EXPECT_EQ(read_token(file).value(), "0123456789abcdef");
  ASSERT_OK(write_token(file, "fedcba9876543210"));
  EXPECT_EQ(read_token(file).value(), "fedcba9876543210");
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST(TokenTest, AnEmptyFileLeavesItToTheFallback) {
  const TempFolder folder;
  const std::string fallback = (folder.path() / "made").string();
  const std::string empty = (folder.path() / "token").string();
  std::ofstream(empty) << "";
  ASSERT_OK(make_token(empty, fallback));
  const auto made = read_token(empty, fallback);
  ASSERT_OK(made);
  ASSERT_OK(make_token(empty, fallback));
  EXPECT_EQ(read_token(empty, fallback).value(), *made) << "made once";
  EXPECT_FAILS_WITH(read_token(empty, ""), TokenErrc::unusable);
}

// What an engine mounts for a file that is not there.
TEST(TokenTest, AFolderIsRefused) {
  const TempFolder folder;
  EXPECT_FAILS_WITH(read_token(folder.path().string(), "/dev/null"), TokenErrc::unusable);
}

TEST(TokenTest, AShortOneIsRefused) {
  const TempFolder folder;
  const std::string file = (folder.path() / "token").string();
  std::ofstream(file) << "short";
  EXPECT_FAILS_WITH(read_token(file), TokenErrc::unusable);
  EXPECT_FAILS_WITH(read_token(file + ".not"), TokenErrc::unusable);
}

}  // namespace
}  // namespace hailstorm::lab
