#include "services/lab/faults/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

FaultRequest a_request() {
  FaultRequest request;
  request.id = "f-1";
  request.target = "payment";
  request.action = FaultAction::slow;
  request.duration_ms = 15'000;
  request.attributes = {{"share_percent", 20}};
  request.seed = 7;
  request.by = "lesson 2";
  return request;
}

TEST(FaultTest, RequestComesBackFromItsJson) {
  const auto document = to_json(a_request());
  const auto again = fault_request_of(document);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(json::to_text(to_json(*again)), json::to_text(document));
  EXPECT_EQ(again->duration_ms, 15'000);
}

TEST(FaultTest, StateComesBackFromItsJson) {
  FaultState state;
  state.request = a_request();
  state.phase = FaultPhase::proven_off;
  state.asked_at_ms = 1;
  state.injected_at_ms = 2;
  state.proven_at_ms = 3;
  state.reverted_at_ms = 4;
  state.proven_off_at_ms = 5;
  state.reverts_at_ms = 6;
  state.evidence = "/proc/71/stat says T";
  const auto document = to_json(state);
  const auto again = fault_state_of(document);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(json::to_text(to_json(*again)), json::to_text(document));
}

TEST(FaultTest, BadRequestNamesItsField) {
  const auto refused = [](const char* text) {
    const auto request = fault_request_of(*json::parse(text));
    return request.ok() ? std::string() : request.error().message();
  };
  EXPECT_THAT(refused(R"({"action":"kill","duration":"1s"})"), testing::HasSubstr("target"));
  EXPECT_THAT(refused(R"({"target":"a","action":"burn","duration":"1s"})"),
              testing::HasSubstr("action is \"burn\""));
  EXPECT_THAT(refused(R"({"target":"a","action":"kill","duration":"soon"})"),
              testing::HasSubstr("duration is \"soon\""));
  EXPECT_THAT(refused(R"({"target":"a","action":"kill","duration":"1s","attributes":3})"),
              testing::HasSubstr("attributes"));
}

TEST(FaultTest, DurationIsReadAndWrittenInItsShortestForm) {
  EXPECT_EQ(*duration_ms_of("500ms"), 500);
  EXPECT_EQ(*duration_ms_of("2m"), 120'000);
  EXPECT_EQ(duration_text(120'000), "2m");
  EXPECT_EQ(duration_text(1'500), "1500ms");
  for (const char* wrong : {"", "5", "s", "-1s", "0s", "25h", "99999999999999999999s"}) {
    EXPECT_FAILS_WITH(duration_ms_of(wrong), FaultErrc::bad_request);
  }
}

}  // namespace
}  // namespace hailstorm::lab
