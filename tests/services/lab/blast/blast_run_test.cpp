#include "services/lab/blast/blast_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/api/errors.h"
#include "services/lab/blast/blast_result.h"
#include "services/lab/blast/prediction.h"
#include "tests/support/await.h"
#include "tests/support/scripted_lab.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// While a fault is on, `name` does not work.
auto idle(const std::string& name) {
  return [name](json::Value& frame, const std::vector<FaultState>& on) {
    if (on.empty()) return;
    json::Value processes = *frame.find("processes");
    processes.set(name, json::Value{{"state", "frozen"}, {"ready", false}});
    frame.set("processes", std::move(processes));
  };
}

class BlastRunTest : public ::testing::Test {
 protected:
  std::vector<BlastCell> run(const std::vector<BlastFault>& plan) {
    script_.start();
    LabClient client = script_.client();
    RemoteLab lab(client);
    EXPECT_TRUE(lab.ride(200).ok());
    BlastRun blast({.quick = true}, plan, lab, clock_);
    EXPECT_TRUE(testing::await([&] {
      EXPECT_TRUE(blast.step().ok());
      return blast.done();
    }));
    return blast.cells();
  }

  SystemClock clock_;
  testing::ScriptedLab script_;
};

TEST_F(BlastRunTest, AFaultThatHurtsOnlyItsTargetIsCalm) {
  script_.paint = idle("payment");
  const auto cells = run({{"payment", FaultAction::freeze}});
  ASSERT_THAT(cells, SizeIs(1));
  EXPECT_TRUE(cells[0].proven());
  EXPECT_TRUE(cells[0].was_steady);
  for (const auto& [subject, effect] : cells[0].effects) {
    EXPECT_FALSE(effect.observed) << subject << ": " << effect.why;
  }
  EXPECT_EQ(mark_of(cells[0], "payment"), '-');
  EXPECT_EQ(mark_of(cells[0], "matching"), '.');
  EXPECT_EQ(mark_of(cells[0], std::string(kChainLane)), 'o');
}

TEST_F(BlastRunTest, AServiceThatSuffersWithAnotherIsASurprise) {
  script_.paint = idle("analytics");
  const auto cells = run({{"payment", FaultAction::freeze}});
  ASSERT_THAT(cells, SizeIs(1));
  EXPECT_EQ(mark_of(cells[0], "analytics"), '!');
  BlastResult result;
  result.cells = cells;
  ASSERT_THAT(result.surprises(), SizeIs(1));
  EXPECT_THAT(result.surprises()[0], HasSubstr("freeze payment hurt analytics"));
}

TEST_F(BlastRunTest, WhatTheLabRefusesIsNotMeasured) {
  script_.refuse = [](const FaultRequest&) -> std::optional<Error> {
    return Error(ApiErrc::bad_request, "there is no relay");
  };
  const auto cells = run({{"payment:broker", FaultAction::timeout}});
  ASSERT_THAT(cells, SizeIs(1));
  EXPECT_EQ(cells[0].refusal, "there is no relay");
  EXPECT_THAT(cells[0].effects, IsEmpty());
}

}  // namespace
}  // namespace hailstorm::lab
