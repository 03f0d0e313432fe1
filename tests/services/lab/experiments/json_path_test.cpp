#include "services/lab/experiments/document/json_path.h"

#include <gtest/gtest.h>
#include <string>

namespace hailstorm::lab {
namespace {

std::string found(std::string_view path) {
  const auto document =
      json::parse(R"({"on":1,"list":[{"phase":"proven"},{"phase":"reverted"}],"a b":{"c":2}})");
  const auto parsed = JsonPath::parse(path);
  if (!parsed.ok()) return "refused";
  std::string all;
  for (const auto& one : parsed->find(*document)) all += json::to_text(one) + " ";
  return all;
}

TEST(JsonPathTest, LeadsToMembersElementsAndAllOfThem) {
  EXPECT_EQ(found("$.on"), "1 ");
  EXPECT_EQ(found("$.list[1].phase"), "\"reverted\" ");
  EXPECT_EQ(found("$.list[*].phase"), "\"proven\" \"reverted\" ");
  EXPECT_EQ(found("$[\"a b\"].*"), "2 ");
  EXPECT_EQ(found("$['a b']['c']"), "2 ");
  EXPECT_EQ(found("$.nothing.there"), "");
  EXPECT_EQ(found("$.list[9]"), "");
  EXPECT_EQ(found("$.on.further"), "");
}

TEST(JsonPathTest, WhatItDoesNotKnowIsRefused) {
  for (const char* path : {"", "on", "$..phase", "$.list[?(@.phase)]", "$.list[0:1]", "$[", "$['a",
                           "$.", "$x", "$[-1]", "$[]", "$['']"}) {
    EXPECT_EQ(found(path), "refused") << path;
  }
}

}  // namespace
}  // namespace hailstorm::lab
