#include "common/base/enum_name.h"

#include <cstdint>
#include <gtest/gtest.h>

namespace hailstorm {
namespace {

enum class Color { red, dark_green, blue };
enum class Code : int16_t { failed = -1, none = 0, busy = 7, own = 1000 };

TEST(EnumNameTest, AConstantHasItsOwnName) {
  EXPECT_EQ(enum_name(Color::red), "red");
  EXPECT_EQ(enum_name(Color::dark_green), "dark_green");
  EXPECT_EQ(enum_name(Color::blue), "blue");
}

TEST(EnumNameTest, NumbersMayHaveGapsAndBeNegative) {
  EXPECT_EQ((enum_name<-1, 31>(Code::failed)), "failed");
  EXPECT_EQ((enum_name<-1, 31>(Code::none)), "none");
  EXPECT_EQ((enum_name<-1, 31>(Code::busy)), "busy");
  EXPECT_EQ((enum_name<990, 1010>(Code::own)), "own");
}

TEST(EnumNameTest, AValueWithoutAConstantIsUnknown) {
  EXPECT_EQ(enum_name(static_cast<Color>(3)), "unknown");
  EXPECT_EQ(enum_name(static_cast<Color>(-1)), "unknown");
  EXPECT_EQ(enum_name(Code::failed), "unknown") << "outside the range that was asked for";
  EXPECT_EQ((enum_name<-1, 31>(static_cast<Code>(8))), "unknown");
}

}  // namespace
}  // namespace hailstorm
