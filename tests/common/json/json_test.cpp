#include "common/json/json.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace hailstorm::json {
namespace {

using nlohmann::ordered_json;

/// The same document as nlohmann writes it.
std::string expected(const ordered_json& document, int indent = -1) {
  return document.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

Value ride() {
  return {{"ride_id", "r-1"},
          {"pickup", {{"lon", -74.006}, {"lat", 40.0}}},
          {"fare", std::optional<int64_t>()},
          {"stops", std::vector<std::string>{"b", "a"}},
          {"empty", Value::array()},
          {"none", Value::object()},
          {"shared", false}};
}

ordered_json ride_of_nlohmann() {
  return {{"ride_id", "r-1"},
          {"pickup", {{"lon", -74.006}, {"lat", 40.0}}},
          {"fare", nullptr},
          {"stops", {"b", "a"}},
          {"empty", ordered_json::array()},
          {"none", ordered_json::object()},
          {"shared", false}};
}

TEST(JsonTest, MembersAreWrittenInTheOrderInWhichTheyWereAdded) {
  EXPECT_EQ(to_text(ride()), expected(ride_of_nlohmann()));
  EXPECT_EQ(to_text(ride(), Layout::indented), expected(ride_of_nlohmann(), 2));
}

TEST(JsonTest, MembersCanBeSortedByNameAtEveryDepth) {
  const nlohmann::json sorted = nlohmann::json::parse(ride_of_nlohmann().dump());
  EXPECT_EQ(to_sorted_text(ride()), sorted.dump());
  EXPECT_EQ(to_sorted_text(ride(), Layout::indented), sorted.dump(2));
}

TEST(JsonTest, NumbersKeepTheirForm) {
  EXPECT_EQ(to_text(3), "3");
  EXPECT_EQ(to_text(3.0), "3.0");
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(-0.0), "-0.0");
  EXPECT_EQ(to_text(1e300), "1e+300");
  EXPECT_EQ(to_text(uint16_t{65535}), "65535");
  EXPECT_EQ(to_text(int8_t{-1}), "-1");
  EXPECT_EQ(to_text(INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(to_text(UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(to_text(true), "true");
}

TEST(JsonTest, NumbersThatAreNotFiniteAreWrittenAsNull) {
  EXPECT_EQ(to_text(std::nan("")), "null");
  EXPECT_EQ(to_text(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonTest, EveryByteOfATextIsEscapedOrReplacedAsNlohmannDoes) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = "a" + std::string(1, static_cast<char>(byte)) + "b";
    if (byte == 0x7f) continue;
    EXPECT_EQ(to_text({{text, text}}), expected({{text, text}})) << byte;
  }
}

// JSON lets them stand as they are, but a terminal that shows the JSON acts on them.
TEST(JsonTest, UnprintableCharactersAreEscapedAndMeanTheSame) {
  const std::string text =
      "\x1b\x7f\xc2\x9b\xe2\x80\xae\xe2\x81\xa9\xd8\x9c \xc3\xbc\xf0\x9f\x9a\x95";
  const std::string out = to_text(text);
  EXPECT_EQ(out, "\"\\u001b\\u007f\\u009b\\u202e\\u2069\\u061c \xc3\xbc\xf0\x9f\x9a\x95\"");
  const auto parsed = parse(out);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed->text(), text);
  EXPECT_EQ(to_text({{text, 1}}, Layout::indented).find('\x7f'), std::string::npos);
}

TEST(JsonTest, BytesThatAreNoUtf8AreReplacedInValuesAndNames) {
  EXPECT_EQ(to_text("caf\xc3\xa9 \xff"), "\"caf\xc3\xa9 \xef\xbf\xbd\"");
  EXPECT_EQ(to_text({{"\xff", 1}}), "{\"\xef\xbf\xbd\":1}");
}

TEST(JsonTest, SettingAMemberReplacesItAtItsPlace) {
  Value object = {{"a", 1}, {"b", 2}};
  object.set("a", "new");
  object.set("c", 3);
  EXPECT_EQ(to_text(object), R"({"a":"new","b":2,"c":3})");
}

TEST(JsonTest, AnAddedValueCanBeFilledInPlace) {
  Value object = Value::object();
  Value& list = object.add("list", Value::array());
  list.push_back({{"a", 1}});
  list.push_back("b");
  EXPECT_EQ(to_text(object), R"({"list":[{"a":1},"b"]})");
}

TEST(JsonTest, AValueIsNotConvertedToAnotherKind) {
  const Value text = "12";
  EXPECT_EQ(text.integer(), std::nullopt);
  EXPECT_EQ(text.number(), std::nullopt);
  EXPECT_EQ(text.boolean(), std::nullopt);
  EXPECT_EQ(text.elements(), nullptr);
  EXPECT_EQ(text.find("a"), nullptr);
  EXPECT_EQ(Value(12).text(), nullptr);
  EXPECT_EQ(Value(1).boolean(), std::nullopt);
  EXPECT_EQ(Value(true).integer(), std::nullopt);
  EXPECT_EQ(Value(12).number(), 12.0);
  EXPECT_EQ(Value(12.0).integer(), std::nullopt);
  EXPECT_EQ(Value(UINT64_MAX).integer(), std::nullopt);
}

}  // namespace
}  // namespace hailstorm::json
