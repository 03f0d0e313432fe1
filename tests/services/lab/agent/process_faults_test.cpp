#include "services/lab/faults/process_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "services/lab/faults/proc.h"
#include "tests/services/lab/agent/held_broker.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pace.h"

namespace hailstorm::lab {
namespace {

using testing::await;
using ::testing::HasSubstr;

constexpr int64_t kLong = 600'000;

struct ProcessFaultsTest : ::testing::Test {
  testing::FakeClock clock;
  HeldBroker broker{clock};

  void SetUp() override { ASSERT_TRUE(broker.start()); }
  [[nodiscard]] char state() { return proc_status(broker.pid()).state; }
  /// Stopped in each of many looks over more than a turn of what is slow.
  [[nodiscard]] bool is_stopped_for_good() {
    if (!await([this] { return state() == 'T'; }, std::chrono::seconds(1))) return false;
    for (int i = 0; i < 100; ++i) {
      if (state() != 'T') return false;
      testing::pace(std::chrono::milliseconds(2));
    }
    return true;
  }
  FaultState proven(FaultAction action, json::Value attributes = json::Value::object()) {
    auto fault = broker.ask(action, kLong, std::move(attributes));
    EXPECT_OK(fault);
    if (!fault.ok()) return {};
    EXPECT_EQ(fault->phase, FaultPhase::proven) << fault->evidence;
    return *fault;
  }
  void revert(const FaultState& fault) { ASSERT_OK(broker.board.revert(fault.request.id)); }
};

TEST_F(ProcessFaultsTest, KilledProcessStaysDeadUntilTheEndOfTheLeaseAndServesAgain) {
  const pid_t before = broker.pid();
  const auto fault = proven(FaultAction::kill);
  EXPECT_THAT(fault.evidence, HasSubstr(fmt::format("/proc/{} is gone; port", before)));
  EXPECT_THAT(fault.evidence, HasSubstr("refuses"));
  EXPECT_EQ(broker.pid(), 0);
  EXPECT_FAILS_WITH(broker.table.start("broker"), AgentErrc::wrong_state);
  clock.advance_ms(kLong);
  EXPECT_TRUE(broker.becomes(fault, FaultPhase::proven_off))
      << broker.board.find(fault.request.id)->evidence;
  EXPECT_NE(broker.pid(), before);
  EXPECT_TRUE(broker.is_ready());
}

TEST_F(ProcessFaultsTest, RestartedProcessIsAnotherOneAndServes) {
  const pid_t before = broker.pid();
  const auto fault = proven(FaultAction::restart);
  EXPECT_NE(broker.pid(), 0);
  EXPECT_NE(broker.pid(), before);
  clock.advance_ms(kLong);
  EXPECT_TRUE(broker.becomes(fault, FaultPhase::proven_off))
      << broker.board.find(fault.request.id)->evidence;
  EXPECT_TRUE(broker.is_ready());
}

TEST_F(ProcessFaultsTest, FrozenProcessIsStoppedTakesConnectionsAndAnswersNothing) {
  const auto fault = proven(FaultAction::freeze);
  EXPECT_THAT(fault.evidence, HasSubstr("status says T"));
  EXPECT_THAT(fault.evidence, HasSubstr("takes the connection and answers nothing"));
  EXPECT_EQ(state(), 'T');
  clock.advance_ms(kLong);
  EXPECT_TRUE(broker.becomes(fault, FaultPhase::proven_off))
      << broker.board.find(fault.request.id)->evidence;
  EXPECT_NE(state(), 'T');
}

TEST_F(ProcessFaultsTest, WhatSomebodyThawedMeanwhileIsNotProven) {
  FaultRequest request;
  request.target = "broker";
  request.action = FaultAction::freeze;
  request.duration_ms = kLong;
  request.id = "f";
  const auto fault = *process_fault_maker(broker.processes)(request);
  ASSERT_OK(fault->inject());
  ASSERT_TRUE(await([this] { return state() == 'T'; }));
  EXPECT_EQ(fault->is_in_effect().effect, Effect::on);
  ::kill(broker.pid(), SIGCONT);
  EXPECT_EQ(fault->is_in_effect().effect, Effect::off);
  ASSERT_OK(fault->revert());
}

TEST_F(ProcessFaultsTest, SlowProcessRunsItsShareAndStillAnswers) {
  const auto fault = proven(FaultAction::slow, {{"share_percent", 30}});
  EXPECT_THAT(fault.evidence, HasSubstr("30 % asked"));
  EXPECT_EQ(broker.table.describe("broker")->state, ProcessState::running);
  EXPECT_TRUE(broker.is_ready());
  revert(fault);
  EXPECT_TRUE(broker.becomes(fault, FaultPhase::proven_off))
      << broker.board.find(fault.request.id)->evidence;
  EXPECT_FALSE(is_stopped_for_good());
}

TEST_F(ProcessFaultsTest, FreezeOnTopOfSlowWinsAndSlowGoesOnAfterwards) {
  const auto slow = proven(FaultAction::slow, {{"share_percent", 50}});
  const auto freeze = proven(FaultAction::freeze);
  EXPECT_TRUE(is_stopped_for_good());
  EXPECT_EQ(broker.table.describe("broker")->state, ProcessState::frozen);
  revert(freeze);
  EXPECT_TRUE(broker.is_ready());
  EXPECT_TRUE(await([&] { return state() == 'T'; })) << "slow has ended with the freeze";
  revert(slow);
  EXPECT_FALSE(is_stopped_for_good());
}

TEST_F(ProcessFaultsTest, WhatIsKilledWhileFrozenComesBackFrozenUntilTheFreezeEnds) {
  const auto freeze = proven(FaultAction::freeze);
  const auto kill = proven(FaultAction::kill);
  revert(kill);
  EXPECT_TRUE(is_stopped_for_good());
  revert(freeze);
  EXPECT_TRUE(await([&] { return broker.is_ready(); }));
}

TEST_F(ProcessFaultsTest, AFreezeThatEndsWhileItsProcessIsDeadLeavesTheNextOneAlone) {
  const auto freeze = proven(FaultAction::freeze);
  const auto kill = proven(FaultAction::kill);
  revert(freeze);
  EXPECT_EQ(broker.pid(), 0);
  revert(kill);
  EXPECT_TRUE(await([&] { return broker.is_ready(); }));
}

TEST_F(ProcessFaultsTest, WhatDiesAndStartsAgainWhileSlowIsSlowAgain) {
  const auto slow = proven(FaultAction::slow, {{"share_percent", 40}});
  ASSERT_OK(broker.table.kill("broker"));
  EXPECT_EQ(broker.pid(), 0);
  ASSERT_OK(broker.table.start("broker"));
  EXPECT_TRUE(await([&] { return state() == 'T'; }));
  EXPECT_TRUE(await([&] { return broker.is_ready(); }));
  ASSERT_OK(broker.table.terminate("broker", 5'000));
  EXPECT_EQ(broker.table.describe("broker")->exit_code, 0) << "a slow process ends kindly";
}

TEST_F(ProcessFaultsTest, NothingRestartsOrFreezesWhatAFaultKeepsDown) {
  const auto kill = proven(FaultAction::kill);
  for (const auto action : {FaultAction::restart, FaultAction::freeze}) {
    const auto refused = broker.ask(action, kLong);
    EXPECT_FAILS_WITH(refused, FaultErrc::not_possible);
    EXPECT_THAT(refused.error().message(), HasSubstr("a fault keeps it down"));
  }
  EXPECT_EQ(broker.pid(), 0);
}

TEST_F(ProcessFaultsTest, ShareMustBeANumberFromOneToNinetyNine) {
  for (const int share : {0, 100, -1}) {
    EXPECT_FAILS_WITH(broker.ask(FaultAction::slow, kLong, {{"share_percent", share}}),
                      FaultErrc::bad_request);
  }
  EXPECT_FAILS_WITH(broker.ask(FaultAction::slow, kLong), FaultErrc::bad_request);
  EXPECT_FAILS_WITH(broker.ask(FaultAction::freeze, kLong, {{"depth", 3}}), FaultErrc::bad_request);
}

TEST_F(ProcessFaultsTest, ABusyProcessThatIsSlowGetsThatShareOfAProcessor) {
  ASSERT_OK(broker.table.start("busy", {{"/bin/sh", "-c", "while :; do :; done"}, ""},
                               RestartPolicy::never));
  FaultRequest request;
  request.target = "busy";
  request.action = FaultAction::slow;
  request.duration_ms = kLong;
  request.attributes = {{"share_percent", 10}};
  const auto fault = broker.board.ask(request);
  ASSERT_OK(fault);
  EXPECT_EQ(fault->phase, FaultPhase::proven) << fault->evidence;
  const pid_t pid = broker.processes.look("busy")->pid;
  const auto before = cpu_ticks(pid);
  const int64_t begin_us = steady_us();
  testing::pace(std::chrono::seconds(1));
  const double share = static_cast<double>(cpu_ticks(pid) - before) /
                       static_cast<double>(::sysconf(_SC_CLK_TCK)) /
                       (static_cast<double>(steady_us() - begin_us) / 1e6);
  EXPECT_LT(share, 0.25);
  EXPECT_GT(share, 0.0);
}

}  // namespace
}  // namespace hailstorm::lab
