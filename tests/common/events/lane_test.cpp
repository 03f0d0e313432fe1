#include "common/events/lane.h"

#include <gtest/gtest.h>

namespace hailstorm::events {
namespace {

// Rows, answers and options have these names.
TEST(LaneTest, IsKnownByItsName) {
  EXPECT_EQ(name_of(Lane::log), "log");
  EXPECT_EQ(name_of(Lane::chain), "chain");
  for (const Lane lane : kLanes) EXPECT_EQ(lane_named(name_of(lane)), lane);
  EXPECT_EQ(lane_named("Log"), std::nullopt);
}

}  // namespace
}  // namespace hailstorm::events
