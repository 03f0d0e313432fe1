#include "common/base/text.h"

#include <gtest/gtest.h>

namespace hailstorm {
namespace {

TEST(TextTest, PrintableTextDoesNotMoveTheTerminalsCursor) {
  EXPECT_EQ(printable("a\x1b[31m\n"), "a\\x1b[31m\\x0a");
  EXPECT_EQ(printable("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9a\x95"),
            "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9a\x95");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m")
      << "a control character of two bytes";
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb")
      << "would turn the text round";
  EXPECT_EQ(printable("\xe2\x81\xa6 \xe2\x80\xa8"), "\\u2066 \\u2028");
  EXPECT_EQ(printable("\x7f\r\t"), "\\x7f\\x0d\\x09");
}

TEST(TextTest, NoByteOfAnyKindComesOutAsAControlCharacter) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text =
          printable(std::string{static_cast<char>(first), static_cast<char>(second)});
      EXPECT_TRUE(is_utf8(text)) << first << " " << second;
      EXPECT_EQ(printable(text), text) << first << " " << second;
    }
  }
}

TEST(TextTest, BytesThatAreNoUtf8AreEscapedOneByOne) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("a\xc3"), "a\\xc3") << "cut short";
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
}

TEST(TextTest, TheLinesOfATextStay) {
  EXPECT_EQ(printable_lines("a\n\x1b[2J\r\n"), "a\n\\x1b[2J\\x0d\n");
  EXPECT_EQ(printable_lines(""), "");
  EXPECT_EQ(printable_lines("\n"), "\n");
}

TEST(TextTest, ATextIsShortenedBetweenTwoCharacters) {
  EXPECT_EQ(shortened("Z\xc3\xbcrich", 10), "Z\xc3\xbcrich");
  EXPECT_EQ(shortened("Z\xc3\xbcrich", 3), "Z\xc3\xbc…");
  EXPECT_EQ(shortened("Z\xc3\xbcrich", 2), "Z…");
}

TEST(TextTest, ColumnsAreCountedByCharacters) {
  EXPECT_EQ(column_count(""), 0U);
  EXPECT_EQ(column_count("Z\xc3\xbcrich \xe2\x82\xac"), 8U);
}

}  // namespace
}  // namespace hailstorm
