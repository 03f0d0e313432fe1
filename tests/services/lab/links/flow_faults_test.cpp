#include "services/lab/links/flow_faults.h"

#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

Result<LinkFault> read(FaultAction action, json::Value attributes) {
  FaultRequest request;
  request.action = action;
  request.attributes = std::move(attributes);
  return link_fault_of(request);
}

std::string refusal_of(FaultAction action, json::Value attributes) {
  const auto fault = read(action, std::move(attributes));
  return fault.ok() ? "taken" : fault.error().message();
}

TEST(FlowFaultsTest, AttributesAreReadUnderOurNamesAndUnderToxiproxys) {
  const auto ours = read(FaultAction::latency, {{"latency_ms", 200}, {"jitter_ms", 10}});
  ASSERT_OK(ours);
  EXPECT_EQ(ours->effect.latency->latency_us, 200'000);
  EXPECT_EQ(ours->effect.latency->jitter_us, 10'000);
  EXPECT_TRUE(ours->is_upstream && ours->is_downstream);
  const auto toxiproxys =
      read(FaultAction::slicer, {{"average_size", 64}, {"size_variation", 8}, {"delay", 10}});
  ASSERT_OK(toxiproxys);
  EXPECT_EQ(toxiproxys->effect.slicer->average_size_bytes, 64);
  EXPECT_EQ(toxiproxys->effect.slicer->size_variation_bytes, 8);
  EXPECT_EQ(toxiproxys->effect.slicer->delay_us, 10);
}

TEST(FlowFaultsTest, AStreamIsOneDirection) {
  const auto fault = read(FaultAction::timeout, {{"stream", "upstream"}});
  ASSERT_OK(fault);
  EXPECT_TRUE(fault->is_upstream);
  EXPECT_FALSE(fault->is_downstream);
}

TEST(FlowFaultsTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(refusal_of(FaultAction::latency, json::Value::object()),
            "attributes.latency_ms must be a whole number from 1 to 60000");
  EXPECT_EQ(refusal_of(FaultAction::bandwidth, {{"rate_kb_s", 0}}),
            "attributes.rate_kb_s must be a whole number from 1 to 100000");
  EXPECT_EQ(refusal_of(FaultAction::limit_data, {{"bytes", 0.5}}),
            "attributes.bytes must be a whole number from 1 to 64000000");
  EXPECT_EQ(refusal_of(FaultAction::timeout, {{"stream", "sideways"}}),
            "attributes.stream must be \"upstream\" or \"downstream\"");
  EXPECT_EQ(refusal_of(FaultAction::reset_peer, {{"toxicity", 1}}),
            "attributes.toxicity is not known here: give timeout_ms, timeout, stream");
  EXPECT_EQ(refusal_of(FaultAction::freeze, json::Value::object()),
            "freeze is not a fault of a link");
}

}  // namespace
}  // namespace hailstorm::lab
