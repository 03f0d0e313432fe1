#include <gtest/gtest.h>

#include "services/lab/api/errors.h"
#include "services/lab/serve/traffic_control.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

Result<TrafficOrder> order_of(const std::string& text) {
  return traffic_order_of(json::parse(text).value(), {.rate = 5, .lanes = {"log"}});
}

TEST(TrafficOrderTest, WhatIsMissingStaysAsItIs) {
  EXPECT_EQ(order_of("{}")->rate, 5);
  EXPECT_EQ(order_of(R"({"rate":0.5})")->lanes, std::vector<std::string>{"log"});
  EXPECT_EQ(order_of(R"({"lanes":["chain","log"]})")->lanes.size(), 2U);
  EXPECT_EQ(order_of(R"({"rate":0})")->rate, 0);
}

TEST(TrafficOrderTest, AWrongMemberIsNamed) {
  for (const auto* text : {R"({"rate":-1})", R"({"rate":100001})", R"({"rate":"1"})",
                           R"({"rate":0.0001})", R"({"rate":null})", R"({"rate":1e999})"}) {
    const auto parsed = json::parse(text);
    if (!parsed.ok()) continue;  // no number that JSON has
    const auto refused = traffic_order_of(*parsed, {});
    EXPECT_FAILS_WITH(refused, ApiErrc::bad_request);
    EXPECT_NE(refused.error().message().find("rate"), std::string::npos) << text;
  }
  for (const auto* text : {R"({"lanes":[]})", R"({"lanes":["log","log"]})", R"({"lanes":["x"]})",
                           R"({"lanes":"log"})", R"({"lanes":[1]})"}) {
    const auto refused = order_of(text);
    EXPECT_FAILS_WITH(refused, ApiErrc::bad_request);
    EXPECT_NE(refused.error().message().find("lanes"), std::string::npos) << text;
  }
  EXPECT_FAILS_WITH(order_of("[]"), ApiErrc::bad_request);
  EXPECT_FAILS_WITH(order_of("7"), ApiErrc::bad_request);
}

}  // namespace
}  // namespace hailstorm::lab
