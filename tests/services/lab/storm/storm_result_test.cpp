#include "services/lab/storm/storm_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Outcome = StormFault::Outcome;

StormFault kill_of(const std::string& target, Outcome outcome) {
  StormFault fault;
  fault.planned.request.target = target;
  fault.outcome = outcome;
  fault.state.request = fault.planned.request;
  fault.state.asked_at_ms = 1'000;
  fault.state.proven_at_ms = 1'010;
  fault.state.reverted_at_ms = 1'500;
  fault.state.proven_off_at_ms = outcome == Outcome::proven_off ? 1'700 : 0;
  fault.state.evidence = "port 7404 refuses";
  return fault;
}

StormResult good_storm() {
  StormResult result;
  result.request.kills = 2;
  result.faults = {kill_of("broker", Outcome::proven_off), kill_of("payment", Outcome::proven_off)};
  result.end.audit.log = {.requested = 9, .accepted = 9, .settled = 9};
  return result;
}

TEST(StormResultTest, AStormWhoseFaultsWereProvenAndWhoseAuditIsCleanPassed) {
  const auto result = good_storm();
  EXPECT_THAT(result.problems(), IsEmpty());
  EXPECT_EQ(result.exit_code(), 0);
  ASSERT_EQ(result.tallies().size(), 1U);
  EXPECT_EQ(result.tallies()[0].proven, 2);
  EXPECT_EQ(result.tallies()[0].mean_proven_ms, 10);
  EXPECT_EQ(result.tallies()[0].mean_off_ms, 200);
}

TEST(StormResultTest, AFaultThatWasNotProvenMakesItInconclusiveAndIsShown) {
  auto result = good_storm();
  result.faults[1] = kill_of("payment", Outcome::not_proven);
  EXPECT_EQ(result.exit_code(), 3);
  EXPECT_EQ(result.verdict(), "inconclusive");
  EXPECT_THAT(to_lines(result), Contains(HasSubstr("not proven: kill payment: port 7404 refuses")));
}

TEST(StormResultTest, ABrokenPromiseFailsItWhateverWasProven) {
  auto lost = good_storm();
  lost.end.audit.troubles = {"log.lost is 1"};
  EXPECT_EQ(lost.exit_code(), 1);
  EXPECT_THAT(lost.problems(), ElementsAre("log.lost is 1"));
  auto unsettled = good_storm();
  unsettled.end.unsettled = "the lag is 3";
  EXPECT_EQ(unsettled.exit_code(), 1);
  auto fewer = good_storm();
  fewer.request.kills = 3;
  EXPECT_THAT(fewer.problems(), ElementsAre("2 of 3 SIGKILLs were sent"));
  auto idle = good_storm();
  idle.end.audit.log.accepted = 0;
  EXPECT_THAT(idle.problems(), ElementsAre("no ride was accepted"));
}

TEST(StormResultTest, ReportsCarryTheSeedTheFaultsAndTheVerdict) {
  auto result = good_storm();
  result.request.seed = 77;
  const std::string html = to_html(result);
  for (const char* part : {"seed 77", "Verdict: passed", "port 7404 refuses", "proven off"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  const auto document = to_json(result);
  EXPECT_EQ(document.find("seed")->integer(), 77);
  EXPECT_EQ(document.find("faults")->elements()->size(), 2U);
  EXPECT_EQ(*document.find("verdict")->text(), "passed");
}

}  // namespace
}  // namespace hailstorm::lab
