#include <gtest/gtest.h>

#include "common/events/events.h"
#include "tests/support/matchers.h"

namespace hailstorm::events {
namespace {

TEST(Rfc3339Test, FormatsWithMillisecondsInUtc) {
  EXPECT_EQ(format_time(1'396'311'060'000), "2014-04-01T00:11:00.000Z");
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_time(951'782'400'001), "2000-02-29T00:00:00.001Z");
}

TEST(Rfc3339Test, ReadsWhatItWroteAndWhatOthersWrite) {
  for (const int64_t time_ms : {int64_t{-86'400'001}, int64_t{0}, int64_t{1'396'311'060'123}}) {
    const auto parsed = parse_time(format_time(time_ms));
    ASSERT_OK(parsed);
    EXPECT_EQ(*parsed, time_ms);
  }
  EXPECT_EQ(*parse_time("2014-04-01T00:11:00Z"), 1'396'311'060'000);
  EXPECT_EQ(*parse_time("2014-04-01t02:11:00.5+02:00"), 1'396'311'060'500);
  EXPECT_EQ(*parse_time("2014-03-31T19:11:00.123456789-05:00"), 1'396'311'060'123);
}

TEST(Rfc3339Test, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "yesterday", "2014-04-01", "2014-04-01 00:11:00Z", "2014-04-01T00:11:00",
        "2014-02-30T00:00:00Z", "2014-13-01T00:00:00Z", "2014-04-01T24:00:00Z",
        "2014-04-01T00:60:00Z", "2014-04-01T00:00:61Z", "2014-04-01T00:11:00.Z",
        "2014-04-01T00:11:00Zx", "2014-04-01T00:11:00+2:00", "14-04-01T00:11:00Z"}) {
    EXPECT_FAILS_WITH(parse_time(text), EventErrc::bad_field);
  }
}

}  // namespace
}  // namespace hailstorm::events
