#include "services/lab/blast/blast_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

TEST(BlastPlanTest, AQuickOneKillsAndFreezesEachProcessTheBrokerLast) {
  const auto plan = plan_blast({.quick = true});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->size(), 12U);
  EXPECT_EQ(plan->front().target, "matching");
  EXPECT_EQ(plan->at(8).target, "gateway");
  EXPECT_EQ(plan->back().target, "broker");
}

TEST(BlastPlanTest, TheWholeOneHasEachTargetOfEachKind) {
  const auto plan = plan_blast({});
  ASSERT_TRUE(plan.ok());
  // Six processes by kill, restart, freeze and slow, five stores, one power cut, nine links by six.
  EXPECT_EQ(plan->size(), 6U * 4 + 5 + 1 + 9 * 6);
}

TEST(BlastPlanTest, WhatCannotBeIsRefused) {
  const auto plan = plan_blast({.actions = {FaultAction::latency}, .targets = {"payment"}});
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().message(), HasSubstr("none of these faults"));
}

}  // namespace
}  // namespace hailstorm::lab
