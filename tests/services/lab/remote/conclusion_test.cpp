#include "services/lab/remote/conclusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_lab.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

class ConclusionTest : public ::testing::Test {
 protected:
  StopSignal stop_;
  SystemClock clock_;
  testing::ScriptedLab script_;
};

TEST_F(ConclusionTest, StopsTheRidersAndAuditsWhatSettled) {
  script_.start();
  LabClient client = script_.client();
  RemoteLab lab(client);
  ASSERT_TRUE(lab.ride(100).ok());
  const auto end = conclude(lab, 10'000, clock_, stop_);
  ASSERT_TRUE(end.ok()) << end.error().message();
  EXPECT_EQ(end->unsettled, "");
  EXPECT_TRUE(end->audit.clean());
  EXPECT_EQ(script_.rates().back(), 0);
}

TEST_F(ConclusionTest, WhatIsStillOnItsWayWhenTimeIsOverIsNamed) {
  script_.paint = [](json::Value& frame, const auto&) {
    json::Value frozen = {{"state", "frozen"}, {"ready", false}, {"lag", 7}};
    json::Value processes = *frame.find("processes");
    processes.set("payment", std::move(frozen));
    frame.set("processes", std::move(processes));
  };
  script_.start();
  LabClient client = script_.client();
  RemoteLab lab(client);
  const auto end = conclude(lab, 100, clock_, stop_);
  ASSERT_TRUE(end.ok()) << end.error().message();
  EXPECT_THAT(end->unsettled, HasSubstr("the lag is 7, payment is frozen"));
  const auto ready = await_ready(lab, 100, clock_, stop_);
  ASSERT_TRUE(ready.ok());
  EXPECT_FALSE(*ready);
}

TEST_F(ConclusionTest, ALossStaysInTheAudit) {
  script_.lost = 2;
  script_.start();
  LabClient client = script_.client();
  RemoteLab lab(client);
  const auto end = conclude(lab, 1'000, clock_, stop_);
  ASSERT_TRUE(end.ok()) << end.error().message();
  EXPECT_EQ(end->audit.log.lost, 2);
  EXPECT_FALSE(end->audit.clean());
}

}  // namespace
}  // namespace hailstorm::lab
