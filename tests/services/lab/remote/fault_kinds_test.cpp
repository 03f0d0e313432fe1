#include "services/lab/remote/fault_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(FaultKindsTest, EachActionHasOneKindAtItsPlace) {
  const auto& kinds = fault_kinds();
  ASSERT_EQ(kinds.size(), static_cast<size_t>(FaultAction::redeliver) + 1);
  for (size_t i = 0; i < kinds.size(); ++i) EXPECT_EQ(kinds[i].action, static_cast<FaultAction>(i));
}

TEST(FaultKindsTest, NamesLeadToActionsAndBack) {
  for (const auto& name : fault_names()) EXPECT_EQ(name_of(action_of(name).value()), name);
  EXPECT_FALSE(action_of("explode").has_value());
  EXPECT_THAT(actions_of({"freeze", "kill"}), ElementsAre(FaultAction::freeze, FaultAction::kill));
}

TEST(FaultKindsTest, TargetsFollowFromTheRegistry) {
  EXPECT_THAT(targets_of(FaultAction::kill), Contains("broker"));
  EXPECT_THAT(targets_of(FaultAction::store_lock), Not(Contains("broker")));
  EXPECT_THAT(targets_of(FaultAction::power_cut), ElementsAre("broker"));
  EXPECT_THAT(targets_of(FaultAction::latency), Contains("payment:broker"));
  EXPECT_THAT(targets_of(FaultAction::poison), Contains("ride_requested"));
  EXPECT_THAT(targets_of(FaultAction::redeliver), Contains("analytics"));
  EXPECT_THAT(all_targets(), Contains("gateway:matching"));
}

}  // namespace
}  // namespace hailstorm::lab
