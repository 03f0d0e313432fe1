#include "broker/cli/time_text.h"

#include <gtest/gtest.h>

namespace hailstorm::cli {
namespace {

TEST(TimeTextTest, ReadsAndWritesIso8601) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_time("2014-04-01T00:11:00Z"), 1'396'311'060'000);
  EXPECT_EQ(parse_time("2014-04-01T00:11:00.25Z"), 1'396'311'060'250);
  EXPECT_EQ(time_text(1'396'311'060'250), "2014-04-01T00:11:00.250Z");
  EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999Z");
}

TEST(TimeTextTest, WhatNoCalendarHasIsShownAsANumber) {
  EXPECT_EQ(time_text(970'000'000'000'000).substr(0, 6), "32708-");
  EXPECT_EQ(time_text(1'200'000'000'000'000), "1200000000000000 ms");  // about the year 40000
  EXPECT_EQ(time_text(INT64_MAX), "9223372036854775807 ms");
  EXPECT_EQ(time_text(INT64_MIN), "-9223372036854775808 ms");
}

TEST(TimeTextTest, RefusesWhatIsNoTime) {
  for (const char* text : {"", "now", "2014-04-01", "2014-04-01T00:11:00", "2014-02-30T00:00:00Z",
                           "2014-04-01T24:00:00Z", "2014-04-01T00:11:00.Z", "2014-04-01T00:11:00Zx",
                           "2014-04-01 00:11:00Z", "-014-04-01T00:11:00Z"}) {
    EXPECT_FALSE(parse_time(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace hailstorm::cli
