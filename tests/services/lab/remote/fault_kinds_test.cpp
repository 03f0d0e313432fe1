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

TEST(FaultKindsTest, TheDocumentHasEachActionWithWhatItCanHit) {
  const json::Value document = fault_kinds_document();
  const auto& kinds = *document.find("kinds")->elements();
  ASSERT_EQ(kinds.size(), fault_kinds().size());
  const json::Value& slow = kinds[static_cast<size_t>(FaultAction::slow)];
  EXPECT_EQ(*slow.find("action")->text(), "slow");
  EXPECT_EQ(*slow.find("of")->text(), "process");
  EXPECT_EQ(slow.find("targets")->elements()->size(), targets_of(FaultAction::slow).size());
  EXPECT_EQ(slow.find("attributes")->find("share_percent")->integer(), 20);
}

}  // namespace
}  // namespace hailstorm::lab
