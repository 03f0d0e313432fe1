#include "services/lab/faults/fault_board.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "common/base/time_text.h"
#include "tests/support/await.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

using testing::await;
using testing::FakeClock;

/// What a test has its faults do, and what they did.
struct Script {
  std::atomic<Effect> probe_while_on = Effect::on;
  std::atomic<bool> refuses_to_inject = false;
  std::atomic<int> failing_reverts = 0;
  std::atomic<int> on = 0;
  std::atomic<int> reverts = 0;
};

class ScriptedFault final : public Fault {
 public:
  explicit ScriptedFault(Script& script) : script_(script) {}
  Status inject() override {
    if (script_.refuses_to_inject) return Error(FaultErrc::not_possible, "no room for it here");
    ++script_.on;
    is_on_ = true;
    return {};
  }
  Status revert() override {
    ++script_.reverts;
    if (script_.failing_reverts > 0) {
      --script_.failing_reverts;
      return Error(FaultErrc::failed, "the disk is stuck");
    }
    if (is_on_) --script_.on;
    is_on_ = false;
    return {};
  }
  Probe is_in_effect() override {
    if (!is_on_) return {Effect::off, "it says off"};
    const Effect effect = script_.probe_while_on;
    return {effect, effect == Effect::on ? "it says on" : "it says nothing"};
  }

 private:
  Script& script_;
  bool is_on_ = false;
};

FaultRequest request_of(const std::string& target, FaultAction action = FaultAction::freeze) {
  FaultRequest request;
  request.target = target;
  request.action = action;
  request.duration_ms = 10'000;
  request.by = "lesson 2";
  return request;
}

struct FaultBoardTest : ::testing::Test {
  FakeClock clock;
  Script script;
  FaultBoard board{{[this](const FaultRequest& request) -> Result<std::unique_ptr<Fault>> {
                     if (request.target == "nobody") {
                       return Error(FaultErrc::unknown_target, "no such process");
                     }
                     return std::unique_ptr<Fault>(std::make_unique<ScriptedFault>(script));
                   }},
                   clock,
                   {.proof = std::chrono::milliseconds(50),
                    .off_proof = std::chrono::milliseconds(50),
                    .between_looks = std::chrono::milliseconds(1),
                    .between_reverts = std::chrono::milliseconds(1)}};

  FaultState state_of(const std::string& id) { return *board.find(id); }
  bool becomes(const std::string& id, FaultPhase phase) {
    return await([&] { return state_of(id).phase == phase; });
  }
};

TEST_F(FaultBoardTest, AFaultIsInjectedAndProvenBeforeTheAnswer) {
  const auto state = board.ask(request_of("payment"));
  ASSERT_OK(state);
  EXPECT_EQ(state->phase, FaultPhase::proven);
  EXPECT_EQ(state->evidence, "it says on");
  EXPECT_TRUE(state->is_on());
  EXPECT_EQ(state->proven_at_ms, clock.wall_ms());
  EXPECT_EQ(state->reverts_at_ms, clock.wall_ms() + 10'000);
  EXPECT_EQ(script.on, 1);
}

TEST_F(FaultBoardTest, ALeaseRevertsByItselfAndItsEndIsProven) {
  const auto state = board.ask(request_of("payment"));
  ASSERT_OK(state);
  const std::string id = state->request.id;
  clock.advance_ms(9'999);
  EXPECT_TRUE(state_of(id).is_on());
  clock.advance_ms(1);
  EXPECT_TRUE(becomes(id, FaultPhase::proven_off));
  EXPECT_EQ(script.on, 0);
  EXPECT_FALSE(state_of(id).is_on());
  EXPECT_EQ(state_of(id).evidence, "it says on; afterwards: it says off");
}

TEST_F(FaultBoardTest, AFaultWhoseProbeSaysNoIsNotProvenAndStaysSoWhenItIsOver) {
  script.probe_while_on = Effect::off;
  const auto state = board.ask(request_of("payment"));
  ASSERT_OK(state);
  EXPECT_EQ(state->phase, FaultPhase::not_proven);
  EXPECT_EQ(state->proven_at_ms, 0);
  EXPECT_EQ(state->evidence, "it says nothing");
  clock.advance_ms(10'000);
  EXPECT_TRUE(await([&] { return state_of(state->request.id).proven_off_at_ms != 0; }));
  EXPECT_EQ(state_of(state->request.id).phase, FaultPhase::not_proven);
}

TEST_F(FaultBoardTest, ASecondFaultOfATargetAndActionIsRefusedAndNamesTheHolder) {
  const auto first = board.ask(request_of("payment"));
  ASSERT_OK(first);
  EXPECT_FAILS_WITH(board.ask(request_of("payment")), FaultErrc::held);
  EXPECT_EQ(script.on, 1);
  EXPECT_EQ(board.holder_of("payment", FaultAction::freeze)->request.id, first->request.id);
  EXPECT_OK(board.ask(request_of("payment", FaultAction::slow)));
  EXPECT_OK(board.ask(request_of("matching")));
}

TEST_F(FaultBoardTest, WhatIsHeldSaysUntilWhenAsPeopleReadIt) {
  FaultRequest request = request_of("payment");
  request.id = "f1";
  ASSERT_OK(board.ask(request));
  clock.advance_ms(1'500);
  EXPECT_EQ(board.ask(request_of("payment")).error().message(),
            "freeze of payment is on already: fault f1 of lesson 2, until " +
                time_text(clock.wall_ms() + 8'500) + ", in 9 s");
  script.failing_reverts = 1'000'000;
  clock.advance_ms(8'500);
  EXPECT_EQ(board.ask(request_of("payment")).error().message(),
            "freeze of payment is on already: fault f1 of lesson 2, about to end");
  script.failing_reverts = 0;
}

TEST_F(FaultBoardTest, AfterItsEndATargetIsFreeAgain) {
  const auto first = board.ask(request_of("payment"));
  ASSERT_OK(first);
  EXPECT_EQ(board.revert(first->request.id)->is_on(), false);
  EXPECT_OK(board.ask(request_of("payment")));
}

TEST_F(FaultBoardTest, WhatCannotBeInjectedIsAnErrorUndoneAndLeavesNothing) {
  script.refuses_to_inject = true;
  EXPECT_FAILS_WITH(board.ask(request_of("payment")), FaultErrc::not_possible);
  EXPECT_EQ(script.reverts, 1);
  EXPECT_TRUE(board.list().empty());
  EXPECT_FAILS_WITH(board.ask(request_of("nobody")), FaultErrc::unknown_target);
}

TEST_F(FaultBoardTest, ATargetThatIsNotThereIsRefusedWithWhatTheFaultNeeds) {
  const auto refused = board.ask(request_of("nobody", FaultAction::latency));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message(),
            "latency of nobody: there is no such target here; it needs a link, such as "
            "payment:broker");
}

TEST_F(FaultBoardTest, ARevertThatFailsIsTriedAgainAndHoldsItsTargetMeanwhile) {
  const auto state = board.ask(request_of("payment"));
  ASSERT_OK(state);
  script.failing_reverts = 1'000'000;
  clock.advance_ms(10'000);
  EXPECT_TRUE(await([&] { return script.reverts >= 3; }));
  EXPECT_TRUE(state_of(state->request.id).is_on());
  EXPECT_EQ(state_of(state->request.id).evidence, "cannot revert: the disk is stuck");
  EXPECT_FAILS_WITH(board.ask(request_of("payment")), FaultErrc::held);
  script.failing_reverts = 0;
  EXPECT_TRUE(becomes(state->request.id, FaultPhase::proven_off));
}

TEST_F(FaultBoardTest, ResetRevertsAllAtOnce) {
  for (const char* target : {"payment", "matching", "broker"}) {
    ASSERT_OK(board.ask(request_of(target)));
  }
  EXPECT_EQ(board.reset(), 3U);
  EXPECT_EQ(script.on, 0);
  EXPECT_EQ(board.reset(), 0U);
}

TEST_F(FaultBoardTest, ItsEndRevertsAllAndTakesNoMore) {
  ASSERT_OK(board.ask(request_of("payment")));
  ASSERT_OK(board.ask(request_of("matching")));
  board.close();
  EXPECT_EQ(script.on, 0);
  EXPECT_FAILS_WITH(board.ask(request_of("payment")), FaultErrc::not_possible);
}

TEST_F(FaultBoardTest, AnIdIsUsedOnceAndMustFitIntoAPath) {
  auto request = request_of("payment");
  request.id = "f-1";
  ASSERT_OK(board.ask(request));
  request.target = "matching";
  EXPECT_FAILS_WITH(board.ask(request), FaultErrc::bad_request);
  for (const char* wrong : {"a/b", "a b", "ä"}) {
    request.id = wrong;
    EXPECT_FAILS_WITH(board.ask(request), FaultErrc::bad_request);
  }
  EXPECT_FAILS_WITH(board.find("f-2"), FaultErrc::unknown_fault);
  EXPECT_FAILS_WITH(board.revert("f-2"), FaultErrc::unknown_fault);
}

TEST_F(FaultBoardTest, OfThoseThatEndedTheLastTwoHundredAreListed) {
  for (size_t i = 0; i < FaultBoard::kMostEnded + 5; ++i) {
    auto request = request_of("payment");
    request.id = "f-" + std::to_string(i);
    ASSERT_OK(board.ask(request));
    ASSERT_EQ(board.reset(), 1U);
  }
  EXPECT_TRUE(await([&] {
    const auto all = board.list();
    return all.size() == FaultBoard::kMostEnded && all.front().request.id == "f-5";
  })) << board.list().front().request.id;
}

TEST_F(FaultBoardTest, OfManyAsksAtOnceForOneTargetOneIsGranted) {
  std::atomic<int> granted = 0;
  std::vector<std::jthread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] { granted += board.ask(request_of("payment")).ok() ? 1 : 0; });
  }
  askers.clear();
  EXPECT_EQ(granted, 1);
  EXPECT_EQ(script.on, 1);
}

}  // namespace
}  // namespace hailstorm::lab
