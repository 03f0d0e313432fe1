#include "services/matching/drivers.h"

#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "services/city/errors.h"
#include "services/city/geo.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::matching {
namespace {

std::vector<events::GeoPoint> places_of(const DriverSettings& settings) {
  const auto drivers = place_drivers(settings);
  EXPECT_OK(drivers);
  std::vector<events::GeoPoint> places;
  for (const Driver& driver : *drivers) places.push_back(driver.schedule.free().at(0).place);
  return places;
}

// What README promises of the seed.
TEST(DriversTest, TheSameSeedPutsTheDriversInTheSamePlaces) {
  const testing::TempFolder folder;
  const std::string file = folder.path() / "pickups.csv";
  std::ofstream(file) << "4/1/2014 0:11:00,52.52,13.40\n4/1/2014 0:12:00,52.50,13.42\n";
  DriverSettings settings{20, 7, std::nullopt};
  for (const auto& pickups : {std::optional<std::string>(), std::optional(file)}) {
    settings.pickups = pickups;
    settings.seed = 7;
    const auto places = places_of(settings);
    EXPECT_EQ(places, places_of(settings));
    settings.seed = 8;
    EXPECT_NE(places, places_of(settings));
  }
}

TEST(DriversTest, NoDriverStandsAtAnOutlierOfTheFile) {
  const testing::TempFolder folder;
  const std::string file = folder.path() / "pickups.csv";
  std::ofstream out(file);
  out << "Lat;Lng;Time\n0;0;2014-04-01 00:11:00\n40.7;-73.9;2014-04-01 00:11:00\n";
  for (int i = 0; i < 5; ++i) out << "52.52;13.4;2014-04-01 00:11:00\n";
  out.close();
  for (const auto& place : places_of({200, 7, file})) {
    EXPECT_LT(city::distance_m(place, {52.52, 13.4}), 10'000);
  }
  std::ofstream(file) << "no header\n";
  EXPECT_FAILS_WITH(place_drivers({200, 7, file}), city::CityErrc::unknown_format);
}

}  // namespace
}  // namespace hailstorm::matching
