#include "common/base/time_text.h"

#include <cstdint>
#include <gtest/gtest.h>

namespace hailstorm {
namespace {

TEST(TimeTextTest, TimesAreWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(time_text(1'396'311'060'250), "2014-04-01T00:11:00.250Z");
  EXPECT_EQ(time_text(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(time_text(951'782'400'001), "2000-02-29T00:00:00.001Z");
}

TEST(TimeTextTest, ATimeBeyondTheCalendarIsShownAsANumber) {
  EXPECT_EQ(time_text(970'000'000'000'000).substr(0, 6), "32708-");
  EXPECT_EQ(time_text(1'200'000'000'000'000), "1200000000000000 ms");  // about the year 40000
  EXPECT_EQ(time_text(INT64_MAX), "9223372036854775807 ms");
  EXPECT_EQ(time_text(INT64_MIN), "-9223372036854775808 ms");
}

TEST(TimeTextTest, TimesInEveryRfc3339FormAreRead) {
  for (const int64_t time_ms : {int64_t{-86'400'001}, int64_t{0}, int64_t{1'396'311'060'123}}) {
    EXPECT_EQ(parse_time(time_text(time_ms)), time_ms);
  }
  EXPECT_EQ(parse_time("2014-04-01T00:11:00Z"), 1'396'311'060'000);
  EXPECT_EQ(parse_time("2014-04-01t02:11:00.5+02:00"), 1'396'311'060'500);
  EXPECT_EQ(parse_time("2014-03-31T19:11:00.123456789-05:00"), 1'396'311'060'123);
}

TEST(TimeTextTest, OtherTextsAreNoTimes) {
  for (const char* text :
       {"", "now", "yesterday", "2014-04-01", "2014-04-01 00:11:00Z", "2014-04-01T00:11:00",
        "2014-02-30T00:00:00Z", "2014-13-01T00:00:00Z", "2014-04-01T24:00:00Z",
        "2014-04-01T00:60:00Z", "2014-04-01T00:00:61Z", "2014-04-01T00:11:00.Z",
        "2014-04-01T00:11:00Zx", "2014-04-01T00:11:00+2:00", "14-04-01T00:11:00Z",
        "-014-04-01T00:11:00Z"}) {
    EXPECT_FALSE(parse_time(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace hailstorm
