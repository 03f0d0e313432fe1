#include <gtest/gtest.h>

#include "services/city/built_in_city.h"
#include "services/city/geo.h"

namespace hailstorm::city {
namespace {

TEST(GeoTest, MeasuresAlongTheGreatCircle) {
  // A degree of a meridian: 2 π 6371 km / 360.
  EXPECT_NEAR(distance_m({40, -74}, {41, -74}), 111'194.9, 0.1);
  EXPECT_NEAR(distance_m({40, -74}, {40, -73}), 85'179, 5);
  EXPECT_EQ(distance_m({40, -74}, {40, -74}), 0);
}

TEST(BuiltInCityTest, TheSameSeedGivesTheSameTrips) {
  for (const int64_t index : {0, 1, 999}) {
    const Trip trip = built_in_trip(7, index);
    EXPECT_EQ(trip.pickup, built_in_trip(7, index).pickup);
    EXPECT_EQ(trip.rider_id, built_in_trip(7, index).rider_id);
    EXPECT_NE(trip.pickup, built_in_trip(8, index).pickup);
    EXPECT_NEAR(trip.pickup.lat, 40.73, 0.2);
  }
}

}  // namespace
}  // namespace hailstorm::city
