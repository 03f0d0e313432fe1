#include "services/lab/experiments/document/tolerance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "services/lab/experiments/document/read_document.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

Result<Tolerance> tolerance(std::string_view yaml) {
  const auto node = read_yaml(yaml);
  if (!node.ok()) return node.error();
  return tolerance_of(*node, "tolerance");
}

bool is_met(std::string_view yaml, const json::Value& body, int status = 200) {
  const auto parsed = tolerance(yaml);
  EXPECT_TRUE(parsed.ok()) << parsed.error().message();
  return measure(*parsed, {.status = status, .headers = {{"Etag", "7"}}, .body = body}).is_met;
}

std::string refusal(std::string_view yaml) {
  const auto parsed = tolerance(yaml);
  return parsed.ok() ? "" : parsed.error().message();
}

TEST(ToleranceTest, ANumberAndAListAreTheStatusAsInChaosToolkit) {
  EXPECT_TRUE(is_met("200", {}));
  EXPECT_FALSE(is_met("200", {}, 503));
  EXPECT_TRUE(is_met("[200, 204]", {}, 204));
  EXPECT_FALSE(is_met("[200, 204]", {}, 202));  // a list of two is no range of statuses
}

TEST(ToleranceTest, ARangeHoldsItsEndsAndTakesNumbersAndTheirTexts) {
  const char* range = "{type: range, target: body, range: [0.5, 1]}";
  EXPECT_TRUE(is_met(range, 0.5));
  EXPECT_TRUE(is_met(range, 1));
  EXPECT_FALSE(is_met(range, 1.01));
  EXPECT_TRUE(is_met(range, "0.75"));
  EXPECT_FALSE(is_met(range, "much"));
  EXPECT_FALSE(is_met(range, json::Value()));
  EXPECT_TRUE(is_met("{type: range, target: status, range: [200, 299]}", {}, 204));
}

TEST(ToleranceTest, ARegexReadsATextAlone) {
  const char* regex = "{type: regex, target: body, pattern: '^ok|fine$'}";
  EXPECT_TRUE(is_met(regex, "all is fine"));
  EXPECT_FALSE(is_met(regex, "bad"));
  EXPECT_FALSE(is_met(regex, {{"ok", true}}));
}

TEST(ToleranceTest, AJsonPathCountsAndExpects) {
  const json::Value body = {{"list", json::parse(R"(["a","b"])").value()}};
  EXPECT_TRUE(is_met("{type: jsonpath, target: body, path: '$.list[*]'}", body));
  EXPECT_FALSE(is_met("{type: jsonpath, target: body, path: '$.none'}", body));
  EXPECT_TRUE(is_met("{type: jsonpath, target: body, path: '$.list[*]', count: 2}", body));
  EXPECT_FALSE(is_met("{type: jsonpath, target: body, path: '$.list[*]', count: 1}", body));
  EXPECT_TRUE(is_met("{type: jsonpath, target: body, path: '$.list[0]', expect: a}", body));
  EXPECT_FALSE(is_met("{type: jsonpath, target: body, path: '$.list[0]', expect: b}", body));
  EXPECT_TRUE(is_met("{type: jsonpath, target: body, path: '$.list[*]', expect: [a, b]}", body));
  EXPECT_TRUE(is_met("{type: jsonpath, path: '$.headers.Etag', expect: '7'}", body));
}

TEST(ToleranceTest, SaysWhatWasSeenAndWhatIsRight) {
  const auto parsed = tolerance("{type: range, target: body, range: [0.999, 1.0]}");
  EXPECT_EQ(measure(*parsed, {.status = 200, .body = 0.87}).seen, "0.87; 0.999 to 1 is right");
}

TEST(ToleranceTest, WhatCouldNeverHoldIsRefused) {
  EXPECT_THAT(refusal("true"), HasSubstr("line 1: tolerance: is compared with the answer's HTTP"));
  EXPECT_THAT(refusal("ok"), HasSubstr("HTTP status"));
  EXPECT_THAT(refusal("0.5"), HasSubstr("HTTP status"));
  EXPECT_THAT(refusal("[]"), HasSubstr("is empty"));
  EXPECT_THAT(refusal("{type: range, range: [0, 1]}"), HasSubstr("tolerance.target: is missing"));
  EXPECT_THAT(refusal("{type: range, target: body, range: [2, 1]}"), HasSubstr("ends before"));
  EXPECT_THAT(refusal("{type: range, target: body, range: [2]}"), HasSubstr("two numbers"));
  EXPECT_THAT(refusal("{type: regex, target: body, pattern: '('}"), HasSubstr("is no pattern"));
  EXPECT_THAT(refusal("{type: jsonpath, path: '$..a'}"), HasSubstr("is not read"));
  EXPECT_THAT(refusal("{type: probe, provider: {}}"), HasSubstr("give one of range, regex"));
  EXPECT_THAT(refusal("{type: range, target: body, range: [0, 1], wide: 1}"),
              HasSubstr("tolerance.wide: is not known here"));
}

TEST(ToleranceTest, APatternOfManyStatesIsRefusedRatherThanBuilt) {
  EXPECT_THAT(refusal("{type: regex, target: body, pattern: '((a{999}){999}){999}'}"),
              HasSubstr("is no pattern"));
  EXPECT_THAT(refusal("{type: regex, target: body, pattern: '" + std::string(300, 'a') + "'}"),
              HasSubstr("300 bytes"));
}

}  // namespace
}  // namespace hailstorm::lab
