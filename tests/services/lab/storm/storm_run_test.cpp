#include "services/lab/storm/storm_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/api/errors.h"
#include "tests/support/await.h"
#include "tests/support/scripted_lab.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using Outcome = StormFault::Outcome;

PlannedFault fault(int64_t at_ms, const std::string& target, FaultAction action) {
  PlannedFault one;
  one.at_ms = at_ms;
  one.request.target = target;
  one.request.action = action;
  one.request.duration_ms = 100;
  return one;
}

class StormRunTest : public ::testing::Test {
 protected:
  /// Carries out the plan; gives what became of each fault.
  std::vector<StormFault> run(const std::vector<PlannedFault>& plan) {
    script_.start();
    LabClient client = script_.client();
    RemoteLab lab(client);
    StormRun storm({.at_once = 2}, plan, lab, clock_);
    EXPECT_TRUE(testing::await([&] {
      EXPECT_TRUE(storm.step().ok());
      most_on_ = std::max(most_on_, count_on());
      return storm.done();
    }));
    line_ = storm.line();
    return storm.faults();
  }
  size_t count_on() {
    size_t on = 0;
    for (const auto& one : script_.faults()) on += one.is_on() ? 1 : 0;
    return on;
  }

  SystemClock clock_;
  testing::ScriptedLab script_;
  std::string line_;
  size_t most_on_ = 0;
};

TEST_F(StormRunTest, InjectsAllInOrderAndNeverMoreAtATimeThanAllowed) {
  const auto faults =
      run({fault(0, "broker", FaultAction::kill), fault(10, "payment", FaultAction::freeze),
           fault(20, "matching", FaultAction::kill), fault(30, "payment", FaultAction::slow)});
  for (const auto& one : faults) EXPECT_EQ(one.outcome, Outcome::proven_off);
  const auto injected = script_.faults();
  ASSERT_EQ(injected.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(injected[i].request.target, faults[i].planned.request.target);
  }
  EXPECT_LE(most_on_, 2U);
  EXPECT_GE(injected[2].injected_at_ms, injected[0].reverted_at_ms);
  EXPECT_THAT(line_, HasSubstr("4 of 4 faults, on: none"));
}

TEST_F(StormRunTest, WhatTheLabRefusesIsCountedWithItsReason) {
  script_.refuse = [](const FaultRequest& request) -> std::optional<Error> {
    if (request.target != "broker") return std::nullopt;
    return Error(ApiErrc::bad_request, "it has no file system of its own");
  };
  const auto faults =
      run({fault(0, "broker", FaultAction::disk_full), fault(0, "payment", FaultAction::kill)});
  EXPECT_EQ(faults[0].outcome, Outcome::refused);
  EXPECT_EQ(faults[0].refusal, "it has no file system of its own");
  EXPECT_EQ(faults[1].outcome, Outcome::proven_off);
}

TEST_F(StormRunTest, ATargetThatOthersHoldIsTriedAgain) {
  int tries = 0;
  script_.refuse = [&](const FaultRequest&) -> std::optional<Error> {
    if (++tries > 3) return std::nullopt;
    return Error(ApiErrc::conflict, "held by a lesson");
  };
  const auto faults = run({fault(0, "payment", FaultAction::freeze)});
  EXPECT_EQ(faults[0].outcome, Outcome::proven_off);
  EXPECT_EQ(tries, 4);
}

TEST_F(StormRunTest, AFaultThatWasNeverProvenIsNamed) {
  script_.change = [](FaultState& state) {
    state.phase = FaultPhase::not_proven;
    state.proven_at_ms = 0;
    state.evidence = "/proc/1/stat says S";
  };
  const auto faults = run({fault(0, "payment", FaultAction::freeze)});
  EXPECT_EQ(faults[0].outcome, Outcome::not_proven);
}

TEST_F(StormRunTest, AProcessThatStillStartsIsNotHitAgain) {
  bool starts = true;
  script_.paint = [&](json::Value& frame, const auto&) {
    if (!starts) return;
    json::Value processes = *frame.find("processes");
    processes.set("payment", json::Value{{"state", "running"}, {"ready", false}});
    frame.set("processes", std::move(processes));
  };
  script_.start();
  LabClient client = script_.client();
  RemoteLab lab(client);
  StormRun storm({}, {fault(0, "payment", FaultAction::kill)}, lab, clock_);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(storm.step().ok());
  EXPECT_TRUE(script_.faults().empty());
  starts = false;
  ASSERT_TRUE(storm.step().ok());
  EXPECT_EQ(script_.faults().size(), 1U);
}

}  // namespace
}  // namespace hailstorm::lab
