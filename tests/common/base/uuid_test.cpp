#include "common/base/uuid.h"

#include <gtest/gtest.h>

#include "common/base/ids.h"

namespace hailstorm {
namespace {

TEST(UuidTest, TheTextOfAnIdIsReadAsThatId) {
  EXPECT_EQ(Uuid().text(), "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(Uuid::parse("00000000-0000-0000-0000-000000000000"), Uuid());
  const std::string known = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
  ASSERT_TRUE(Uuid::parse(known));
  EXPECT_EQ(Uuid::parse(known)->text(), known);
  EXPECT_EQ(Uuid::parse(known)->bytes[0], 0xf4);
  EXPECT_EQ(Uuid::parse(known)->bytes[15], 0x79);
  IdGenerator ids;
  for (int i = 0; i < 100; ++i) {
    const Uuid id = ids.uuid();
    EXPECT_EQ(Uuid::parse(id.text()), id);
    EXPECT_FALSE(id.is_zero());
  }
}

TEST(UuidTest, AnyOtherTextIsNoId) {
  const std::string known = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
  for (size_t length = 0; length < known.size(); ++length)
    EXPECT_FALSE(Uuid::parse(known.substr(0, length))) << length;
  for (size_t i = 0; i < known.size(); ++i) {
    for (const char other : {'g', 'F', ' ', '\0', known[i] == '-' ? '0' : '-'}) {
      std::string text = known;
      text[i] = other;
      EXPECT_FALSE(Uuid::parse(text)) << text;
    }
  }
  EXPECT_FALSE(Uuid::parse(known + "0"));
  EXPECT_FALSE(Uuid::parse("f47ac10b58cc4372a5670e02b2c3d479"));
}

TEST(UuidTest, OnlyTheZeroIdIsNone) {
  EXPECT_TRUE(Uuid().is_zero());
  for (size_t i = 0; i < 16; ++i) {
    Uuid id;
    id.bytes[i] = 1;
    EXPECT_FALSE(id.is_zero());
    EXPECT_LT(Uuid(), id);
  }
}

}  // namespace
}  // namespace hailstorm
