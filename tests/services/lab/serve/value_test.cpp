#include "services/lab/serve/value.h"

#include <gtest/gtest.h>

#include "services/lab/api/errors.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

const json::Value kFrame = {
    {"processes", {{"payment", {{"lag", 7}, {"ready", true}, {"state", "running"}}}}},
    {"lanes", {{"log", {{"accepted_ratio", 0.5}}}}},
    {"list", json::parse("[3,{\"a\":4}]").value()}};

std::string text_at(std::string_view path) {
  const auto found = number_at(kFrame, path);
  return found.ok() ? json::to_text(*found) : found.error().message();
}

TEST(ValueTest, FindsANumberByItsPath) {
  EXPECT_EQ(text_at("processes.payment.lag"), "7");
  EXPECT_EQ(text_at("lanes.log.accepted_ratio"), "0.5");
}

TEST(ValueTest, ATruthIsOneOrZeroAndAListIsItsSize) {
  EXPECT_EQ(text_at("processes.payment.ready"), "1");
  EXPECT_EQ(text_at("list"), "2");
  EXPECT_EQ(text_at("list.0"), "3");
  EXPECT_EQ(text_at("list.1.a"), "4");
}

TEST(ValueTest, APathThatLeadsNowhereSaysWhatIsThere) {
  const auto missing = number_at(kFrame, "processes.paymint.lag");
  EXPECT_FAILS_WITH(missing, ApiErrc::not_found);
  EXPECT_EQ(missing.error().message(),
            "processes.paymint.lag: there is no \"paymint\", but payment");
  EXPECT_FAILS_WITH(number_at(kFrame, "list.2"), ApiErrc::not_found);
  EXPECT_FAILS_WITH(number_at(kFrame, "list.x"), ApiErrc::not_found);
  EXPECT_FAILS_WITH(number_at(kFrame, "processes.payment.lag.more"), ApiErrc::not_found);
  EXPECT_FAILS_WITH(number_at(kFrame, "."), ApiErrc::not_found);
}

TEST(ValueTest, WhatIsNoNumberIsRefused) {
  EXPECT_FAILS_WITH(number_at(kFrame, "processes.payment.state"), ApiErrc::bad_request);
  EXPECT_FAILS_WITH(number_at(kFrame, "processes"), ApiErrc::bad_request);
  EXPECT_FAILS_WITH(number_at(kFrame, ""), ApiErrc::bad_request);
}

}  // namespace
}  // namespace hailstorm::lab
