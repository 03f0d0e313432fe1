#include "services/city/pickup_time.h"

#include <gtest/gtest.h>

namespace hailstorm::city {
namespace {

constexpr int64_t kElevenPastMidnightMs = 1'396'311'060'000;  // 2014-04-01T00:11:00Z

TEST(PickupTimeTest, ReadsEachSpellingOfOneTime) {
  for (const char* spelling :
       {"2014/4/1 00:11:00", "4/1/2014 0:11:00", "4/1/2014 0:11", "2014-04-01 00:11:00",
        "2014-04-01T00:11:00", "2014-04-01T00:11:00Z", "2014-04-01 00:11:00.000",
        "2014-04-01 00:11:00 UTC", "2014-04-01 00:11:00 +0000 UTC", "04/01/2014 12:11:00 AM",
        "2014-03-31T20:11:00-04:00", "2014-04-01T05:41:00+0530"}) {
    EXPECT_EQ(parse_pickup_time(spelling), kElevenPastMidnightMs) << spelling;
  }
  EXPECT_EQ(parse_pickup_time("04/01/2014 12:11:00 PM"), kElevenPastMidnightMs + 12 * 3'600'000);
  EXPECT_EQ(parse_pickup_time("2014-04-01 00:11:00.25"), kElevenPastMidnightMs + 250);
}

TEST(PickupTimeTest, OtherTextsAreNoTimes) {
  for (const char* wrong :
       {"", "2014/4/1", "2014/13/1 00:00:00", "2/30/2014 0:00:00", "4/1/2014 24:00:00",
        "4/1/2014 0:11:00 ", " 4/1/2014 0:11:00", "4-1-2014 0:11:00", "2014-04/01 00:11:00",
        "2014-04-01 00:11:00.", "4/1/2014 13:11:00 PM", "4/1/2014 0:11:00 AM",
        "2014-04-01T00:11:00+99:00", "2014-04-01T00:11:00+05:", "2014-04-01T00:11:00 EST",
        "1396311060", "4/1/2014 0:11:00\n"}) {
    EXPECT_EQ(parse_pickup_time(wrong), std::nullopt) << wrong;
  }
}

// chrono keeps months and days in 8 bits and years in 16: none of these may come out as another
// day.
TEST(PickupTimeTest, DatesThatDoNotExistAreRefused) {
  for (const char* wrong :
       {"2014/260/1 00:11:00", "2014/4/257 00:11:00", "4/257/2014 0:11:00", "4/1/67550 0:11:00",
        "2014/0/1 00:11:00", "4/0/2014 0:11:00", "4/1/1969 0:11:00", "4/1/2101 0:11:00",
        "4/1/14 0:11:00", "-4/1/2014 0:11:00", "99999999999/4/1 00:11:00", "4/1/2014 0:60:00",
        "1970-01-01T00:00:00+01:00", "2100-12-31T23:30:00-01:00"}) {
    EXPECT_EQ(parse_pickup_time(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace hailstorm::city
