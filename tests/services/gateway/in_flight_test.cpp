#include "services/gateway/in_flight.h"

#include <gtest/gtest.h>

namespace hailstorm::gateway {
namespace {

using Answer = InFlight::Answer;

TEST(InFlightTest, ARideIsOnItsWayOnlyOnce) {
  InFlight rides(10);
  const auto first = rides.enter("r1");
  EXPECT_EQ(first.answer(), Answer::entered);
  {
    const auto again = rides.enter("r1");
    EXPECT_EQ(again.answer(), Answer::same_ride);
  }
  EXPECT_EQ(rides.enter("r1").answer(), Answer::same_ride)
      << "a request that was refused does not free the place of the first";
}

TEST(InFlightTest, APlaceIsFreeAgainOnceItsRideLeft) {
  InFlight rides(1);
  {
    const auto first = rides.enter("r1");
    EXPECT_EQ(rides.enter("r2").answer(), Answer::full);
    EXPECT_TRUE(rides.is_full());
    EXPECT_EQ(rides.enter("r1").answer(), Answer::same_ride) << "also when all places are taken";
  }
  EXPECT_FALSE(rides.is_full());
  EXPECT_EQ(rides.enter("r1").answer(), Answer::entered);
  EXPECT_EQ(rides.enter("r2").answer(), Answer::entered);
}

}  // namespace
}  // namespace hailstorm::gateway
