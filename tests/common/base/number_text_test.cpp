#include "common/base/number_text.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>

namespace hailstorm {
namespace {

TEST(NumberTextTest, AWholeNumberIsDigitsAfterAnOptionalMinus) {
  EXPECT_EQ(whole_number("0"), 0);
  EXPECT_EQ(whole_number("42"), 42);
  EXPECT_EQ(whole_number("-7"), -7);
  EXPECT_EQ(whole_number("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(whole_number("-9223372036854775808"), INT64_MIN);
}

TEST(NumberTextTest, OtherTextsAreNoWholeNumbers) {
  for (const std::string text : {"",
                                 " ",
                                 "-",
                                 "+1",
                                 " 1",
                                 "1 ",
                                 "1\n",
                                 "08",
                                 "00",
                                 "-0",
                                 "-01",
                                 "0x10",
                                 "1x",
                                 "1.5",
                                 "1.",
                                 "1e3",
                                 "--1",
                                 "1,000",
                                 "1_000",
                                 "9223372036854775808",
                                 "-9223372036854775809",
                                 "99999999999999999999",
                                 "inf",
                                 "nan",
                                 "true",
                                 "\xd9\xa1"}) {
    EXPECT_EQ(whole_number(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(whole_number(std::string_view("1\0", 2)), std::nullopt);
}

TEST(NumberTextTest, ADecimalNumberMayHaveAFraction) {
  EXPECT_EQ(decimal_number("200"), 200);
  EXPECT_EQ(decimal_number("0.5"), 0.5);
  EXPECT_EQ(decimal_number("-1.25"), -1.25);
}

TEST(NumberTextTest, OtherTextsAreNoDecimalNumbers) {
  for (const std::string text : {"", ".", ".5", "5.", "1.2.3", "01.5", "1e3", "1E3", "0x1p3", "inf",
                                 "-inf", "nan", "NaN", "+0.5", " 0.5", "0.5 ", "0,5", "1/2"}) {
    EXPECT_EQ(decimal_number(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(decimal_number(std::string(400, '9')), std::nullopt);
}

}  // namespace
}  // namespace hailstorm
