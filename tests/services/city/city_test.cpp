#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <utility>

#include "services/city/built_in_city.h"
#include "services/city/csv.h"
#include "services/city/geo.h"
#include "services/city/pickup_file.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::city {
namespace {

constexpr int64_t kElevenPastMidnightMs = 1'396'311'060'000;  // 2014-04-01T00:11:00Z

TEST(GeoTest, MeasuresAlongTheGreatCircle) {
  // A degree of a meridian: 2 π 6371 km / 360.
  EXPECT_NEAR(distance_m({40, -74}, {41, -74}), 111'194.9, 0.1);
  EXPECT_NEAR(distance_m({40, -74}, {40, -73}), 85'179, 5);
  EXPECT_EQ(distance_m({40, -74}, {40, -74}), 0);
}

TEST(CsvTest, SplitsQuotedAndPlainFields) {
  EXPECT_EQ(split_csv("a,b,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(split_csv("\"a,1\",\"say \"\"hi\"\"\",\r"),
            (std::vector<std::string>{"a,1", "say \"hi\"", ""}));
}

TEST(CsvTest, ReadsBothSpellingsOfTime) {
  EXPECT_EQ(parse_pickup_time("2014/4/1 00:11:00"), kElevenPastMidnightMs);
  EXPECT_EQ(parse_pickup_time("4/1/2014 0:11:00"), kElevenPastMidnightMs);
  for (const char* wrong : {"", "2014/4/1", "2014/13/1 00:00:00", "2/30/2014 0:00:00",
                            "4/1/2014 24:00:00", "4/1/2014 0:11:00 ", "4-1-2014 0:11:00"}) {
    EXPECT_EQ(parse_pickup_time(wrong), std::nullopt) << wrong;
  }
}

// chrono keeps months and days in 8 bits and years in 16: none of these may come out as another
// day.
TEST(CsvTest, DatesOutOfTheCalendarAreNotTakenForOthers) {
  for (const char* wrong :
       {"2014/260/1 00:11:00", "2014/4/257 00:11:00", "4/257/2014 0:11:00", "4/1/67550 0:11:00",
        "2014/0/1 00:11:00", "4/0/2014 0:11:00", "4/1/1969 0:11:00", "4/1/2101 0:11:00",
        "4/1/14 0:11:00", "-4/1/2014 0:11:00", "99999999999/4/1 00:11:00", "4/1/2014 0:60:00"}) {
    EXPECT_EQ(parse_pickup_time(wrong), std::nullopt) << wrong;
  }
}

TEST(CsvTest, AFieldInAMessageIsShortAndPrintable) {
  EXPECT_EQ(shown("40.7"), "40.7");
  EXPECT_EQ(shown("a\x1b[31m\xff"), "a?[31m?");
  EXPECT_EQ(shown(std::string(1'000'000, 'x')), std::string(40, 'x') + "...");
}

class PickupFileTest : public ::testing::Test {
 protected:
  Result<PickupFile> read(const std::string& text) {
    const auto path = folder_.path() / "pickups.csv";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    return PickupFile::read(path);
  }
  testing::TempFolder folder_;
};

TEST_F(PickupFileTest, ReadsEitherSpellingQuotesByteOrderMarkAndCarriageReturns) {
  const std::vector<std::string> spellings = {
      "Date/Time,Lat,Lon,Base\n4/1/2014 0:11:00,40.769,-73.9549,B02512\n",
      "\"Date/Time\",\"Lat\",\"Lon\",\"Base\"\n\"4/1/2014 0:11:00\",40.769,-73.9549,\"B02512\"\n",
      "\xef\xbb\xbf"
      "Date/Time,Lat,Lon,Base\r\n2014/4/1 00:11:00,40.769,-73.9549,B02512\r\n",
      "2014/4/1 00:11:00,40.769,-73.9549,B02512",
      "Base,Lon,Lat,Date/Time\nB02512,-73.9549,40.769,4/1/2014 0:11:00\n"};
  for (const auto& spelling : spellings) {
    const auto file = read(spelling);
    SCOPED_TRACE(spelling);
    ASSERT_OK(file);
    ASSERT_EQ(file->pickups().size(), 1u) << spelling;
    EXPECT_EQ(file->pickups()[0].time_ms, kElevenPastMidnightMs);
    EXPECT_EQ(file->pickups()[0].place, (events::GeoPoint{40.769, -73.9549}));
    EXPECT_EQ(file->skipped_count(), 0);
  }
}

TEST_F(PickupFileTest, SkipsBadRowsAndNamesTheFirstTen) {
  std::string text = "Date/Time,Lat,Lon,Base\n4/1/2014 0:11:00,91,-73.9,B\n";
  for (int i = 0; i < 20; ++i) text += "nonsense\n";
  text += "4/1/2014 0:12:00,40.7,nan,B\n4/1/2014 0:12:00,40.7,-73.9,B\n";
  const auto file = read(text);
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 1u);
  EXPECT_EQ(file->skipped_count(), 22);
  ASSERT_EQ(file->skipped().size(), 10u);
  EXPECT_EQ(file->skipped()[0].line, 2);
  EXPECT_NE(file->skipped()[0].reason.find("'91' is no latitude"), std::string::npos);
}

TEST_F(PickupFileTest, WithoutAUsableRowItIsAnErrorThatSaysWhy) {
  EXPECT_FAILS_WITH(read("Date/Time,Lat,Lon,Base\nx,y,z,w\n"), CityErrc::no_usable_row);
  EXPECT_FAILS_WITH(read("Date/Time,Lat,Lon,Base\n"), CityErrc::no_usable_row);
  EXPECT_FAILS_WITH(read(""), CityErrc::cannot_read);
  EXPECT_FAILS_WITH(PickupFile::read(folder_.path() / "missing.csv"), CityErrc::cannot_read);
  EXPECT_FAILS_WITH(PickupFile::read(folder_.path()), CityErrc::cannot_read);
}

TEST_F(PickupFileTest, DropoffsAreDrawnFromTheOtherRows) {
  const auto file = read(
      "4/1/2014 0:11:00,40.1,-73.9,B\n4/1/2014 0:12:00,40.2,-73.9,B\n"
      "4/1/2014 0:13:00,40.3,-73.9,B\n");
  ASSERT_OK(file);
  std::set<std::pair<double, double>> ways;
  for (int64_t index = 0; index < 300; ++index) {
    const Trip trip = file->trip(1, index);
    EXPECT_NE(trip.pickup, trip.dropoff) << index;
    EXPECT_EQ(trip.dropoff, file->trip(1, index).dropoff) << index;
    ways.emplace(trip.pickup.lat, trip.dropoff.lat);
  }
  EXPECT_EQ(ways.size(), 6u) << "from each of the three to each of the two others";
  const auto single = read("4/1/2014 0:11:00,40.1,-73.9,B\n");
  ASSERT_OK(single);
  EXPECT_EQ(single->trip(1, 5).dropoff, single->trip(1, 5).pickup);
}

TEST_F(PickupFileTest, ARowInQuotesThatNeverEndIsSkippedAlone) {
  const auto file = read("\"4/1/2014 0:11:00,40.1,-73.9,B\n4/1/2014 0:12:00,40.2,-73.9,B\n");
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 1u);
  EXPECT_EQ(file->skipped_count(), 1);
}

TEST_F(PickupFileTest, BeginsAnewLaterWhenItIsUsedUp) {
  const auto file = read("4/1/2014 0:11:00,40.7,-73.9,B\n4/1/2014 0:12:00,40.8,-73.8,B\n");
  ASSERT_OK(file);
  EXPECT_EQ(file->trip(1, 2).pickup, file->trip(1, 0).pickup);
  EXPECT_EQ(file->trip(1, 2).requested_at_ms, kElevenPastMidnightMs + 120'000);
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
