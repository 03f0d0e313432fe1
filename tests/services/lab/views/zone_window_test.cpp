#include "services/lab/views/zone_window.h"

#include <gtest/gtest.h>
#include <string>

namespace hailstorm::lab {
namespace {

constexpr int64_t kNow = 1'700'000'000'000;

TEST(ZoneWindowTest, SurgeIsRequestsPerMatchedRideOfTheLastMinute) {
  ZoneWindow zones;
  for (int i = 0; i < 6; ++i) zones.add("4071:-6168", Kind::ride_requested, kNow);
  for (int i = 0; i < 4; ++i) zones.add("4071:-6168", Kind::ride_matched, kNow + 20'000);
  zones.add("4071:-6168", Kind::ride_unmatched, kNow);
  const auto figures = zones.figures(kNow + 20'000);
  ASSERT_EQ(figures.size(), 1U);
  EXPECT_DOUBLE_EQ(figures[0].corner.lat, 40.71);
  EXPECT_NEAR(figures[0].corner.lon, -74.016, 1e-9);
  EXPECT_EQ(figures[0].requested, 6);
  EXPECT_EQ(figures[0].matched, 4);
  EXPECT_DOUBLE_EQ(figures[0].surge, 1.5);
  EXPECT_EQ(zones.figures(kNow + 61'000).at(0).requested, 0) << "these are older than a minute";
  EXPECT_TRUE(zones.figures(kNow + 90'000).empty());
}

TEST(ZoneWindowTest, TheOldestPartGivesItsPlaceToANewOne) {
  ZoneWindow zones;
  zones.add("1:1", Kind::ride_requested, kNow);
  zones.add("2:2", Kind::ride_requested, kNow + ZoneWindow::kSpanMs);
  const auto figures = zones.figures(kNow + ZoneWindow::kSpanMs);
  ASSERT_EQ(figures.size(), 1U);
  EXPECT_DOUBLE_EQ(figures[0].corner.lat, 0.02);
}

TEST(ZoneWindowTest, OfManyZonesThoseWithTheMostRequestsAreShown) {
  ZoneWindow zones;
  for (size_t i = 0; i < 2 * ZoneWindow::kMaxZones; ++i) {
    const std::string zone = std::to_string(i) + ":0";
    zones.add(zone, Kind::ride_requested, kNow);
    if (i == 500) zones.add(zone, Kind::ride_requested, kNow);
  }
  const auto figures = zones.figures(kNow);
  ASSERT_EQ(figures.size(), ZoneWindow::kMaxShown);
  EXPECT_NEAR(figures[0].corner.lat, 5.0, 1e-9);
  EXPECT_EQ(figures[0].requested, 2);
}

TEST(ZoneWindowTest, WhatIsInNoKnownZoneIsLeftOut) {
  ZoneWindow zones;
  for (const char* zone : {"", "z", "1:", ":1", "1:2x", "1"}) {
    zones.add(zone, Kind::ride_requested, kNow);
  }
  EXPECT_TRUE(zones.figures(kNow).empty());
}

}  // namespace
}  // namespace hailstorm::lab
