#include "common/base/duration_text.h"

#include <gtest/gtest.h>

namespace hailstorm {
namespace {

TEST(DurationTextTest, ANumberAndItsUnitAreADuration) {
  EXPECT_EQ(parse_duration("500ms"), 500);
  EXPECT_EQ(parse_duration("15s"), 15'000);
  EXPECT_EQ(parse_duration("2m"), 120'000);
  EXPECT_EQ(parse_duration("24h"), 86'400'000);
}

TEST(DurationTextTest, AllElseIsNone) {
  for (const char* text : {"", "5", "s", "0s", "-1s", "1.5s", "1 s", "25h", "1d", "1s ",
                           "99999999999999999999s", "9223372036854775807h"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(DurationTextTest, TheTextIsTheShortest) {
  EXPECT_EQ(duration_text(120'000), "2m");
  EXPECT_EQ(duration_text(90'000), "90s");
  EXPECT_EQ(duration_text(1'500), "1500ms");
}

}  // namespace
}  // namespace hailstorm
