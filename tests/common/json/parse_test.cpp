#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json.h"
#include "common/json/member_reader.h"
#include "common/json/tokens.h"
#include "tests/support/matchers.h"

namespace hailstorm::json {
namespace {

std::string nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(ParseTest, WrittenTextIsReadBack) {
  for (const char* text :
       {"null", "true", "-1", "3.0", "1e+300", "18446744073709551615", "-9223372036854775808",
        R"("\u0000\n\"\\é😀")", "[]", "{}", R"([1,[2,{"b":null,"a":[{}]}],"x"])"}) {
    const auto value = parse(text);
    ASSERT_OK(value);
    EXPECT_EQ(to_text(*value), nlohmann::ordered_json::parse(text).dump());
  }
}

TEST(ParseTest, AnyCutOrChangedTextIsTakenOrRefusedAsByNlohmann) {
  const std::string text = R"({"a": [1, -2.5e3, "é\u00e9\n"], "b": {"c": true, "d": null}})";
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char other : {'\0', '"', '\\', '{', ']', ',', '0', '-', 'e', ' ', '\xff'}) {
      std::string changed = text;
      changed[i] = other;
      for (const std::string& one : {changed, text.substr(0, i)}) {
        const auto known = nlohmann::ordered_json::parse(one, nullptr, false);
        const auto value = parse(one);
        ASSERT_EQ(value.ok(), !known.is_discarded()) << one;
        ASSERT_EQ(is_json(one), value.ok()) << one;
        ASSERT_EQ(value.ok() ? to_text(*value) : "", value.ok() ? known.dump() : "") << one;
      }
    }
  }
}

TEST(ParseTest, TextsThatAreNoJsonAreRefusedWithThePlace) {
  const auto value = parse("{\"a\":\n nan}");
  EXPECT_FAILS_WITH(value, JsonErrc::not_json);
  EXPECT_NE(value.error().message().find("line 2, column 3"), std::string::npos)
      << value.error().message();
  for (const char* text :
       {"", " ", "NaN", "1e999", "01", "'a'", "[1] x", "\"\xff\"", "\"\\ud800\""}) {
    EXPECT_FAILS_WITH(parse(text), JsonErrc::not_json);
  }
}

TEST(ParseTest, NumbersBeyondEveryIntegerBecomeReals) {
  const auto value = parse("18446744073709551616");
  ASSERT_OK(value);
  EXPECT_EQ(value->integer(), std::nullopt);
  EXPECT_EQ(value->number(), 18446744073709551616.0);
}

TEST(ParseTest, TheDepthIsBounded) {
  EXPECT_OK(parse(nested(kMaxDepth)));
  EXPECT_FAILS_WITH(parse(nested(kMaxDepth + 1)), JsonErrc::too_deep);
  EXPECT_FAILS_WITH(parse(std::string(1 << 20, '[')), JsonErrc::too_deep);
  std::string objects;
  for (size_t i = 0; i <= kMaxDepth; ++i) objects += "{\"a\":";
  EXPECT_FAILS_WITH(parse(objects), JsonErrc::too_deep);
}

TEST(ParseTest, ManyValuesInOneArrayAreNotDeep) {
  std::string text = "[[]";
  for (int i = 0; i < 1000; ++i) text += ",[{}]";
  EXPECT_OK(parse(text + "]"));
}

TEST(ParseTest, TheSizeIsBounded) {
  EXPECT_OK(parse("1" + std::string(kMaxTextBytes - 1, ' ')));
  EXPECT_FAILS_WITH(parse("1" + std::string(kMaxTextBytes, ' ')), JsonErrc::too_large);
  EXPECT_OK(parse("[1]", 3));
  EXPECT_FAILS_WITH(parse("[1]", 2), JsonErrc::too_large);
}

TEST(ParseTest, IsJsonTakesAnyDepth) {
  EXPECT_TRUE(is_json(nested(100'000)));
  EXPECT_FALSE(is_json(nested(100'000) + "]"));
}

TEST(ParseTest, OfTwoMembersWithOneNameTheLastCounts) {
  const auto value = parse(R"({"a":1,"b":2,"a":3})");
  ASSERT_OK(value);
  EXPECT_EQ(value->find("a")->integer(), 3);
  EXPECT_EQ(to_text(*value), R"({"a":3,"b":2})");
}

TEST(MemberReaderTest, MembersAreReadIntoVariables) {
  const auto value = parse(R"({"b":true,"i":-7,"l":9007199254740993,"u":18446744073709551615,)"
                           R"("d":2,"s":"x","t":["y","z"]})");
  ASSERT_OK(value);
  bool b = false;
  int32_t i = 0;
  int64_t l = 0;
  uint64_t u = 0;
  double d = 0;
  std::string s;
  std::vector<std::string> t;
  std::optional<int32_t> o;
  MemberReader reader(*value);
  reader.required("b", b).required("i", i).required("l", l).required("u", u);
  reader.required("d", d).required("s", s).optional("t", t).optional("i", o).optional("absent", s);
  ASSERT_OK(reader.status());
  EXPECT_EQ(std::tuple(b, i, l, u, d, s),
            std::tuple(true, -7, 9007199254740993, UINT64_MAX, 2.0, "x"));
  EXPECT_EQ(o, -7);
  EXPECT_EQ(t, (std::vector<std::string>{"y", "z"}));
}

TEST(MemberReaderTest, TheFirstMemberThatCannotBeReadIsNamed) {
  const auto value = parse(R"({"text":"x","large":2147483648,"negative":-1,"list":[1]})");
  ASSERT_OK(value);
  const auto problem_of = [&](const char* name, auto into) {
    MemberReader reader(*value);
    reader.optional(name, into).required("absent", into);
    EXPECT_FALSE(reader.ok());
    return reader.status().ok() ? "" : reader.status().error().message();
  };
  EXPECT_EQ(problem_of("text", 1), "'text' is missing or of another kind");
  EXPECT_EQ(problem_of("large", int32_t{1}), "'large' is missing or of another kind");
  EXPECT_EQ(problem_of("negative", uint64_t{1}), "'negative' is missing or of another kind");
  EXPECT_EQ(problem_of("list", std::vector<std::string>()), "'list' is missing or of another kind");
  EXPECT_EQ(problem_of("text", std::string()), "'absent' is missing or of another kind");
}

TEST(MemberReaderTest, AMemberThatCannotBeReadLeavesItsVariableAndTheNextOnes) {
  const auto value = parse(R"({"lag":"many","outbox":7})");
  ASSERT_OK(value);
  int64_t lag = 5;
  int64_t outbox = 5;
  EXPECT_FALSE(MemberReader(*value).optional("lag", lag).optional("outbox", outbox).ok());
  EXPECT_EQ(lag, 5);
  EXPECT_EQ(outbox, 5);
}

TEST(MemberReaderTest, NoMemberIsReadFromAnotherKindOfValue) {
  EXPECT_FAILS_WITH(MemberReader(Value::array()).status(), JsonErrc::bad_member);
}

/// Writes the calls down; refuses the value after the name "stop".
class Recorder : public TokenHandler {
 public:
  std::string calls;
  SyntaxError error;

  bool scalar(Value value) override { return call(to_text(value)); }
  bool name(std::string name) override {
    call(name + ":");
    return name != "stop";
  }
  bool begin_object() override { return call("{"); }
  bool end_object() override { return call("}"); }
  bool begin_array() override { return call("["); }
  bool end_array() override { return call("]"); }
  void syntax_error(SyntaxError found) override {
    call("!");
    error = std::move(found);
  }

 private:
  bool call(const std::string& what) {
    calls += what + ' ';
    return true;
  }
};

TEST(TokensTest, EachTokenIsOneCall) {
  Recorder recorder;
  EXPECT_TRUE(read_tokens(R"({"a": [1, 2.0, "x"], "a": null})", recorder));
  EXPECT_EQ(recorder.calls, R"({ a: [ 1 2.0 "x" ] a: null } )");
}

TEST(TokensTest, ReadingEndsWhereTheHandlerSaysSo) {
  Recorder recorder;
  EXPECT_FALSE(read_tokens(R"({"stop": 1, "b": 2)", recorder));
  EXPECT_EQ(recorder.calls, "{ stop: ");
}

TEST(TokensTest, ASyntaxErrorSaysWhereAndWhat) {
  Recorder recorder;
  EXPECT_FALSE(read_tokens("[1, nul]", recorder));
  EXPECT_EQ(recorder.calls, "[ 1 ! ");
  EXPECT_EQ(recorder.error.position, 8U);
  EXPECT_EQ(recorder.error.last_token, "1, nul]");
  EXPECT_FALSE(recorder.error.is_overflow);
}

TEST(TokensTest, ANumberBeyondADoubleIsAnOverflow) {
  Recorder recorder;
  EXPECT_FALSE(read_tokens("[1e999]", recorder));
  EXPECT_TRUE(recorder.error.is_overflow);
}

}  // namespace
}  // namespace hailstorm::json
