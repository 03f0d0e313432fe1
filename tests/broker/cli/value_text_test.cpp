#include "broker/cli/value_text.h"

#include <gtest/gtest.h>

namespace hailstorm::cli {
namespace {

TEST(ValueTextTest, TextMayHaveTabsAndLineEndsAndNoOtherControls) {
  EXPECT_TRUE(is_text("tab\t, line\r\n, \xc3\xbc"));
  EXPECT_FALSE(is_text("a\xff"));
  EXPECT_FALSE(is_text(std::string_view("a\0", 2)));
}

TEST(ValueTextTest, JsonIsFormattedAndKeepsEveryToken) {
  const std::string_view json =
      R"( {"a":[1, 2.50,{}, [ ] ],"n" : 12345678901234567890123, "s":"x\" , {\u00fc", "a":null} )";
  EXPECT_EQ(compact_json(json),
            R"({"a":[1,2.50,{},[]],"n":12345678901234567890123,"s":"x\" , {\u00fc","a":null})");
  EXPECT_EQ(pretty_json(json), R"({
  "a": [
    1,
    2.50,
    {},
    []
  ],
  "n": 12345678901234567890123,
  "s": "x\" , {\u00fc",
  "a": null
})");
}

TEST(ValueTextTest, OtherValuesThanObjectsAndArraysAreText) {
  for (const char* text : {"", "  ", "17", "\"a\"", "null", "{", "[1,]", "{'a':1}", "{} x"}) {
    EXPECT_EQ(compact_json(text), std::nullopt) << text;
  }
}

TEST(ValueTextTest, JsonThatIsNestedTooDeepIsText) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  EXPECT_TRUE(pretty_json(nested(64)).has_value());
  EXPECT_EQ(pretty_json(nested(65)), std::nullopt);
  EXPECT_EQ(line_text(nested(100'000)).size(), 200'001U);
}

TEST(ValueTextTest, NullAndEmptyHaveWords) {
  EXPECT_EQ(line_text(std::nullopt), "(null)");
  EXPECT_EQ(line_text(""), "(empty)");
  EXPECT_EQ(block_text(std::nullopt, "  "), "  (null)\n");
  EXPECT_EQ(block_text("", "  "), "  (empty)\n");
}

TEST(ValueTextTest, BlocksShowTextAsItIsAndBinaryInHexadecimal) {
  EXPECT_EQ(block_text("one\r\ntwo\x1b\n\nend", "  "),
            "  binary, 14 bytes\n"
            "  000000  6f 6e 65 0d 0a 74 77 6f 1b 0a 0a 65 6e 64        one..two...end\n");
  EXPECT_EQ(block_text("one\r\ntwo\n\nend", "> "), "> one\n> two\n> \n> end\n");
  EXPECT_EQ(block_text(R"({"a":1})", "  "), "  {\n    \"a\": 1\n  }\n");
  EXPECT_EQ(block_text("\xff"
                       "0123456789abcdef",
                       ""),
            "binary, 17 bytes\n"
            "000000  ff 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65  .0123456789abcde\n"
            "000010  66                                               f\n");
}

TEST(ValueTextTest, LongValuesAreCutAndSaySo) {
  const std::string text = block_text(std::string(100'000, 'x'), "");
  EXPECT_NE(text.find("34464 more bytes"), std::string::npos);
  const std::string binary = block_text(std::string(100'000, '\0'), "");
  EXPECT_NE(binary.find("99488 more bytes"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::cli
