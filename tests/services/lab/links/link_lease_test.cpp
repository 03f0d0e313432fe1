// The faults of links as an agent injects them: each is proven by the relay itself, and proven off.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "services/lab/faults/fault_board.h"
#include "services/lab/links/link_faults.h"
#include "tests/services/lab/links/link_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::lab {
namespace {

class LinkLeaseTest : public testing::LinkFixture {
 protected:
  [[nodiscard]] static FaultRequest request(FaultAction action, json::Value attributes) {
    FaultRequest one;
    one.id = "f1";
    one.target = kLink;
    one.action = action;
    one.duration_ms = 60'000;
    one.attributes = std::move(attributes);
    one.seed = 7;
    return one;
  }
  /// On, then off; gives both proofs.
  std::string proofs_of(FaultAction action, json::Value attributes) {
    const auto asked = board_.ask(request(action, std::move(attributes)));
    if (!asked.ok()) return asked.error().message();
    EXPECT_EQ(asked->phase, FaultPhase::proven) << asked->evidence;
    EXPECT_FALSE(listener_.has_one_within(std::chrono::milliseconds(0)));  // undisturbed
    EXPECT_OK(board_.revert(asked->request.id));
    EXPECT_TRUE(hailstorm::testing::await([&] {
      return board_.find(asked->request.id)->phase == FaultPhase::proven_off;
    })) << board_.find(asked->request.id)->evidence;
    return board_.find(asked->request.id)->evidence;
  }

  FaultBoard board_{{link_fault_maker(relay_)}, clock_};
};

TEST_F(LinkLeaseTest, LatencyIsProvenByAByteThatIsLate) {
  EXPECT_THAT(proofs_of(FaultAction::latency, {{"latency_ms", 200}, {"jitter_ms", 20}}),
              ::testing::MatchesRegex(
                  "upstream: a byte took (1[89]|2)[0-9]+\\.[0-9] ms, downstream: a byte took "
                  "(1[89]|2)[0-9]+\\.[0-9] ms; afterwards: upstream: a byte took [0-9.]+ ms, "
                  "downstream: a byte took [0-9.]+ ms"));
}

TEST_F(LinkLeaseTest, LatencyThatNoProbeCanAwaitIsProvenByNothingThatComes) {
  EXPECT_THAT(proofs_of(FaultAction::latency, {{"latency_ms", 30'000}, {"stream", "upstream"}}),
              ::testing::StartsWith("upstream: no byte came in "));
}

TEST_F(LinkLeaseTest, BandwidthIsProvenByTheRateOfABlock) {
  EXPECT_THAT(proofs_of(FaultAction::bandwidth, {{"rate_kb_s", 100}}),
              ::testing::StartsWith("upstream: 20000 bytes took "));
}

TEST_F(LinkLeaseTest, ATimeoutIsProvenByNothingThatComes) {
  EXPECT_THAT(proofs_of(FaultAction::timeout, {{"stream", "downstream"}}),
              ::testing::MatchesRegex("downstream: no byte came in [0-9]+ ms; afterwards: "
                                      "downstream: a byte took [0-9.]+ ms"));
}

TEST_F(LinkLeaseTest, ResetPeerIsProvenByAReset) {
  EXPECT_THAT(proofs_of(FaultAction::reset_peer, json::Value::object()),
              ::testing::StartsWith("upstream: a connection was reset within "));
}

TEST_F(LinkLeaseTest, ALateResetIsProvenByAConnectionThatIsLookedAtAgain) {
  EXPECT_THAT(proofs_of(FaultAction::reset_peer, {{"timeout_ms", 1'200}, {"stream", "upstream"}}),
              ::testing::StartsWith("upstream: a connection was reset within 1"));
}

TEST_F(LinkLeaseTest, TheSlicerIsProvenByPieces) {
  EXPECT_THAT(proofs_of(FaultAction::slicer, {{"average_size_bytes", 64}, {"stream", "upstream"}}),
              ::testing::ContainsRegex("bytes came in [2-9] pieces within .* in 1 pieces"));
}

TEST_F(LinkLeaseTest, LimitDataIsProvenByAnEndAfterExactlySoManyBytes) {
  EXPECT_THAT(proofs_of(FaultAction::limit_data, {{"bytes", 5'000}, {"stream", "downstream"}}),
              ::testing::StartsWith("downstream: 5000 bytes came, and the connection ended; "
                                    "afterwards: downstream: 6000 bytes came"));
}

TEST_F(LinkLeaseTest, EachOfSeveralFaultsOfOneLinkIsProvenForItself) {
  std::vector<FaultRequest> all = {request(FaultAction::timeout, json::Value::object()),
                                   request(FaultAction::latency, {{"latency_ms", 50}}),
                                   request(FaultAction::limit_data, {{"bytes", 10}})};
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].id = "several-" + std::to_string(i);
    const auto asked = board_.ask(all[i]);
    ASSERT_OK(asked);
    EXPECT_EQ(asked->phase, FaultPhase::proven) << asked->evidence;
  }
  EXPECT_EQ(relay_.describe(kLink)->faults.size(), 3U);
  EXPECT_EQ(board_.reset(), 3U);
  EXPECT_TRUE(relay_.describe(kLink)->faults.empty());
}

TEST_F(LinkLeaseTest, AFaultThatTheRelayDoesNotHaveIsNotProven) {
  const auto maker = link_fault_maker(relay_);
  const auto fault = maker(request(FaultAction::latency, {{"latency_ms", 50}})).value();
  EXPECT_EQ(fault->is_in_effect().effect, Effect::off);
  EXPECT_OK(fault->inject());
  EXPECT_EQ(fault->is_in_effect().effect, Effect::on);
  clear(FaultAction::latency);
  EXPECT_EQ(fault->is_in_effect().effect, Effect::off);
}

TEST_F(LinkLeaseTest, WhatIsNoLinksFaultAndWhatIsNoLinkAreLeftToOthers) {
  const auto maker = link_fault_maker(relay_);
  EXPECT_FAILS_WITH(maker(request(FaultAction::freeze, json::Value::object())),
                    FaultErrc::unknown_target);
  auto moon = request(FaultAction::timeout, json::Value::object());
  moon.target = "payment:moon";
  EXPECT_FAILS_WITH(maker(moon), FaultErrc::unknown_target);
  EXPECT_FAILS_WITH(maker(request(FaultAction::latency, json::Value::object())),
                    FaultErrc::bad_request);
}

}  // namespace
}  // namespace hailstorm::lab
