#include "services/lab/blast/blast_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/blast/prediction.h"

namespace hailstorm::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

BlastResult good_result() {
  BlastCell cell;
  cell.fault = {"payment", FaultAction::freeze};
  cell.state.request.target = "payment";
  cell.state.proven_at_ms = 1;
  cell.state.proven_off_at_ms = 2;
  for (const auto& subject : blast_subjects()) {
    if (subject == "payment") continue;
    cell.effects[subject].predicted = should_hurt("payment", FaultAction::freeze, subject);
  }
  cell.effects.at(std::string(kChainLane)).observed = true;
  BlastResult result;
  result.cells = {cell};
  return result;
}

TEST(BlastResultTest, WhatWasPredictedIsNoSurprise) {
  const auto result = good_result();
  EXPECT_THAT(result.surprises(), IsEmpty());
  EXPECT_EQ(result.exit_code(), 0);
  EXPECT_EQ(mark_of(result.cells[0], std::string(kChainLane)), 'x');
  EXPECT_THAT(to_lines(result), Contains(HasSubstr("freeze payment")));
}

TEST(BlastResultTest, ASurpriseIsShownAndOneOnTheLogLaneFails) {
  auto result = good_result();
  result.cells[0].effects.at("matching").observed = true;
  EXPECT_THAT(result.surprises(), ElementsAre(HasSubstr("freeze payment hurt matching")));
  EXPECT_EQ(result.exit_code(), 0);
  BlastEffect& log = result.cells[0].effects.at(std::string(kLogLane));
  log.observed = true;
  log.why = "98.0 % were accepted, 100.0 % before";
  EXPECT_EQ(result.exit_code(), 1);
  EXPECT_THAT(result.problems(), ElementsAre(HasSubstr("98.0 % were accepted")));
}

TEST(BlastResultTest, AFaultThatWasNotProvenIsInconclusive) {
  auto result = good_result();
  result.cells[0].state.proven_at_ms = 0;
  result.cells[0].state.evidence = "/proc/9/stat says S";
  EXPECT_EQ(result.exit_code(), 3);
  EXPECT_THAT(to_lines(result), Contains(HasSubstr("NOT PROVEN: /proc/9/stat says S")));
}

TEST(BlastResultTest, ReportsHaveTheMatrixAndEachSubjectsFigures) {
  auto result = good_result();
  result.cells[0].effects.at("matching").before.lag = 12;
  const std::string html = to_html(result);
  for (const char* part : {"Blast radius", "freeze payment", "12 → 0 → 0", "chain lane"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  const auto document = to_json(result);
  const auto& cell = document.find("cells")->elements()->at(0);
  EXPECT_EQ(cell.find("effects")->find("matching")->find("before")->find("lag")->integer(), 12);
  EXPECT_EQ(*cell.find("effects")->find("chain lane")->find("observed")->text(), "hurt");
}

}  // namespace
}  // namespace hailstorm::lab
