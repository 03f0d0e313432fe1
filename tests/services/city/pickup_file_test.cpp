#include <fmt/format.h>
#include <set>
#include <utility>

#include "services/city/outliers.h"
#include "tests/services/city/pickup_file_fixture.h"

namespace hailstorm::city {
namespace {

const std::string kHeader = "Date/Time,Lat,Lon,Base\n";

class PickupFileTest : public PickupFileFixture {
 protected:
  /// The header and so many good rows around 40.7/-73.9 on 2014-04-01.
  static std::string rows(int count) {
    std::string text = kHeader;
    for (int i = 0; i < count; ++i) {
      text += fmt::format("4/1/2014 0:{:02}:00,40.7{:02},-73.9,B\n", i, i);
    }
    return text;
  }
  /// Among ten good rows this one is skipped for this reason, on line 12, and says `words`.
  void expect_skipped(const std::string& row, SkipReason reason, const std::string& words) {
    SCOPED_TRACE(row);
    const auto file = read(rows(10) + row + "\n");
    ASSERT_OK(file);
    EXPECT_EQ(file->pickups().size(), 10U);
    EXPECT_EQ(file->skipped().count(reason), 1);
    ASSERT_EQ(file->skipped().first().size(), 1U);
    EXPECT_EQ(file->skipped().first()[0].line, 12);
    EXPECT_NE(file->skipped().first()[0].why.find(words), std::string::npos)
        << file->skipped().first()[0].why;
  }
  void expect_kept(const std::string& row) {
    const auto file = read(rows(10) + row + "\n");
    ASSERT_OK(file);
    EXPECT_EQ(file->pickups().size(), 11U) << row << ": " << file->skipped().text();
  }
};

TEST_F(PickupFileTest, SkipsBadRowsAndNamesTheFirstTen) {
  std::string text = kHeader + "4/1/2014 0:11:00,91,-73.9,B\n";
  for (int i = 0; i < 20; ++i) text += "nonsense\n";
  text += "4/1/2014 0:12:00,40.7,nan,B\n4/1/2014 0:12:00,40.7,-73.9,B\n";
  const auto file = read(text);
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 1u);
  EXPECT_EQ(file->skipped().count(), 22);
  ASSERT_EQ(file->skipped().first().size(), 10u);
  EXPECT_EQ(file->skipped().first()[0].line, 2);
  EXPECT_NE(file->skipped().first()[0].why.find("'91' is no latitude"), std::string::npos);
}

TEST_F(PickupFileTest, WithoutAUsableRowItIsAnErrorThatSaysWhy) {
  EXPECT_FAILS_WITH(read(kHeader + "x,y,z,w\n"), CityErrc::no_usable_row);
  EXPECT_FAILS_WITH(read(kHeader), CityErrc::no_usable_row);
  EXPECT_FAILS_WITH(read("Date/Time,Lat,Lon"), CityErrc::no_usable_row);
  EXPECT_FAILS_WITH(read(kHeader + "4/1/2014 0:11:00,0,0,B\n"), CityErrc::no_usable_row);
  EXPECT_FAILS_WITH(PickupFile::read(folder_.path() / "missing.csv"), CityErrc::cannot_read);
  EXPECT_FAILS_WITH(PickupFile::read(folder_.path()), CityErrc::cannot_read);
}

TEST_F(PickupFileTest, ARowAtZeroIsSkipped) {
  expect_skipped("4/1/2014 0:11:00,0,0,B", SkipReason::at_zero, "0/0");
  expect_skipped("4/1/2014 0:11:00,0.000000,-0.0,B", SkipReason::at_zero, "0/0");
}

TEST_F(PickupFileTest, MostRowsAtZeroDoNotMoveTheMedian) {
  std::string text = rows(10);
  for (int i = 0; i < 100; ++i) text += "4/1/2014 0:11:00,0,0,B\n";
  const auto file = read(text);
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 10U);
  EXPECT_EQ(file->skipped().text(), "100 skipped (100 at 0/0)");
}

// From 40.7047/-73.9 on: a degree of latitude has 111.195 km.
TEST_F(PickupFileTest, ARowFarFromTheMedianPointIsSkipped) {
  const double median = 40.704;
  expect_kept(fmt::format("4/1/2014 0:11:00,{},-73.9,B", median + 120 / 111.195));
  expect_kept(fmt::format("4/1/2014 0:11:00,{},-73.9,B", median + 299.5 / 111.195));
  for (const std::string& place :
       {fmt::format("{},-73.9", median + 301 / 111.195), std::string("0,-73.9"),
        std::string("40.7,0"), std::string("-73.9,40.7"), std::string("40.7,73.9"),
        std::string("90,180")}) {
    expect_skipped("4/1/2014 0:11:00," + place + ",B", SkipReason::too_far, "median point");
  }
}

TEST_F(PickupFileTest, ACityOnTheDateLineIsOneCity) {
  std::string text = kHeader;
  for (int i = 0; i < 10; ++i) {
    text += fmt::format("4/1/2014 0:{:02}:00,-17.8,{},B\n", i, i % 2 == 0 ? 179.9 : -179.9);
  }
  const auto file = read(text);
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 10U);
}

TEST_F(PickupFileTest, ARowOfAnotherYearIsSkipped) {
  expect_kept("4/1/2015 0:00:00,40.7,-73.9,B");
  expect_kept("4/2/2013 0:00:00,40.7,-73.9,B");
  for (const char* time : {"4/1/2084 0:11:00", "1/1/1970 0:00:00", "4/3/2015 0:00:00",
                           "3/30/2013 0:00:00", "12/31/2100 23:59:59"}) {
    expect_skipped(fmt::format("{},40.7,-73.9,B", time), SkipReason::other_time, "median time");
  }
}

TEST_F(PickupFileTest, EachReasonIsCountedAndTheFirstRowsAreInTheFilesOrder) {
  std::string text = rows(10) + "4/1/2084 0:11:00,40.7,-73.9,B\n4/1/2014 0:11:00,52.5,13.4,B\n";
  for (int i = 0; i < 12; ++i) text += "nonsense\n";
  const auto file = read(text);
  ASSERT_OK(file);
  EXPECT_EQ(file->skipped().text(),
            "14 skipped (12 unreadable, 1 more than 300 km from the file's median point, 1 more "
            "than 365 days from its median time)");
  const auto first = file->skipped().first();
  ASSERT_EQ(first.size(), 10U);
  for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].line, 12 + static_cast<int64_t>(i));
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

TEST_F(PickupFileTest, ALineEndWithinQuotesIsPartOfTheField) {
  const auto file = read(kHeader + "4/1/2014 0:11:00,40.1,-73.9,\"Base\r\nof two lines\"\r\n" +
                         "nonsense\n\"4/1/2014 0:12:00\",\"40.2\",\"-73.9\",B\n");
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 2u);
  ASSERT_EQ(file->skipped().first().size(), 1U);
  EXPECT_EQ(file->skipped().first()[0].line, 4) << "the line, not the record";
}

TEST_F(PickupFileTest, ARowInQuotesThatNeverEndIsSkippedAlone) {
  const auto file = read(kHeader +
                         "\"4/1/2014 0:11:00,40.1,-73.9,B\n4/1/2014 0:12:00,40.2,-73.9,B\n"
                         "4/1/2014 0:13:00,40.2,-73.9,B\n");
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 2u);
  EXPECT_EQ(file->skipped().count(), 1);
}

TEST_F(PickupFileTest, ALineThatIsTooLongIsSkippedAlone) {
  for (const size_t bytes : {size_t{70'000}, size_t{256 << 10}, size_t{3'000'000}}) {
    for (const char* line_end : {"\n", "\r\n", "\r"}) {
      const auto file = read(rows(5) + std::string(bytes, 'x') + line_end +
                             "nonsense\n4/1/2014 0:12:00,40.2,-73.9,B\n");
      ASSERT_OK(file);
      EXPECT_EQ(file->pickups().size(), 6U);
      ASSERT_EQ(file->skipped().count(), 2);
      EXPECT_EQ(file->skipped().first()[0].line, 7);
      EXPECT_EQ(file->skipped().first()[1].line, 8);
    }
  }
}

TEST_F(PickupFileTest, ALongFileIsReadToItsEnd) {
  std::string text = kHeader;
  for (int i = 0; i < 40'000; ++i) text += "4/1/2014 0:11:00,40.769,-73.9549,\"B\r\n02512\"\r\n";
  const auto file = read(text + "nonsense");
  ASSERT_OK(file);
  EXPECT_EQ(file->pickups().size(), 40'000U);
  ASSERT_EQ(file->skipped().first().size(), 1U);
  EXPECT_EQ(file->skipped().first()[0].line, 80'002);
}

TEST_F(PickupFileTest, AfterItsLastRowAFileIsRepeatedLater) {
  const auto file = read("4/1/2014 0:11:00,40.7,-73.9,B\n4/1/2014 0:12:00,40.8,-73.8,B\n");
  ASSERT_OK(file);
  EXPECT_EQ(file->trip(1, 2).pickup, file->trip(1, 0).pickup);
  EXPECT_EQ(file->trip(1, 2).requested_at_ms, kElevenPastMidnightMs + 120'000);
}

// The gateway takes rides until the year 2100.
TEST_F(PickupFileTest, GivesNoTripAfterTheYear2100) {
  constexpr int64_t kEndMs = 4'133'980'800'000;  // 2101-01-01T00:00:00Z
  for (const char* text : {"1/1/2014 0:00:00,40.7,-73.9\n12/1/2014 0:00:00,40.7,-73.9\n",
                           "12/31/2100 23:59:30,40.7,-73.9\n", "4/1/2014 0:00:00,40.7,-73.9\n"}) {
    const auto file = read(text);
    ASSERT_OK(file);
    const int64_t count = file->trip_count();
    EXPECT_LT(file->trip(1, count - 1).requested_at_ms, kEndMs) << text;
    const auto rows = std::ssize(file->pickups());
    EXPECT_GE(file->trip(1, count + rows - 1).requested_at_ms, kEndMs) << text;
    EXPECT_OK(file->check_trips(count));
    EXPECT_FAILS_WITH(file->check_trips(count + 1), CityErrc::too_many_trips);
  }
}

}  // namespace
}  // namespace hailstorm::city
