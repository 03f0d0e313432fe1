#include "services/lab/remote/remote_lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/api/errors.h"
#include "tests/support/scripted_lab.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

FaultRequest freeze_payment(int64_t duration_ms) {
  FaultRequest request;
  request.target = "payment";
  request.action = FaultAction::freeze;
  request.duration_ms = duration_ms;
  return request;
}

class RemoteLabTest : public ::testing::Test {
 protected:
  void SetUp() override { script_.start(); }

  testing::ScriptedLab script_;
  LabClient client_ = script_.client();
  RemoteLab lab_{client_};
};

TEST_F(RemoteLabTest, InjectsFaultsAndFollowsThem) {
  const auto injected = lab_.inject(freeze_payment(60'000));
  ASSERT_TRUE(injected.ok()) << injected.error().message();
  EXPECT_EQ(injected->phase, FaultPhase::proven);
  EXPECT_EQ(lab_.inject(freeze_payment(60'000)).error().as<ApiErrc>(), ApiErrc::conflict);
  ASSERT_TRUE(lab_.revert_all().ok());
  const auto all = lab_.faults();
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->at(0).phase, FaultPhase::proven_off);
}

TEST_F(RemoteLabTest, RidersGetTheRateThatWasGiven) {
  ASSERT_TRUE(lab_.ride(40).ok());
  ASSERT_TRUE(lab_.ride(0).ok());
  EXPECT_THAT(script_.rates(), ElementsAre(40, 0));
}

TEST_F(RemoteLabTest, AFrameIsReadAndWhatItLacksIsNamed) {
  const auto snapshot = lab_.look();
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().message();
  EXPECT_TRUE(snapshot->is_quiet());
  EXPECT_EQ(snapshot->processes.at("payment").rate, 40);
  EXPECT_EQ(snapshot->lanes.at("log").p99_ms, 8);
  const auto none = snapshot_of({{"seq", 1}, {"t_ms", 1}});
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message(), HasSubstr("processes"));
}

TEST_F(RemoteLabTest, AFrameWithLagOrAProcessThatDoesNotWorkIsNotQuiet) {
  Snapshot snapshot;
  snapshot.processes["payment"] = {.state = "running", .ready = true};
  EXPECT_TRUE(snapshot.is_quiet());
  snapshot.processes["payment"].outbox = 1;
  EXPECT_FALSE(snapshot.is_quiet());
  snapshot.processes["payment"] = {.state = "frozen", .ready = true};
  EXPECT_FALSE(snapshot.is_quiet());
}

TEST(AuditCountsTest, AnythingWrongOnTheLogLaneIsATrouble) {
  const json::Value lane = {{"requested", 9}, {"accepted", 9},   {"settled", 8},
                            {"lost", 1},      {"duplicated", 0}, {"orphaned", 0}};
  json::Value violations = json::Value::array();
  violations.push_back({{"lane", "log"}, {"word", "lost"}, {"ride_id", "r1"}, {"why", "no trace"}});
  const auto counts = audit_counts_of({{"log", lane},
                                       {"chain", lane},
                                       {"stores", {{"double_booked", 2}}},
                                       {"offences", std::move(violations)}});
  ASSERT_TRUE(counts.ok());
  EXPECT_FALSE(counts->clean());
  EXPECT_THAT(counts->troubles, ElementsAre("log.lost is 1", "stores.double_booked is 2",
                                            "ride r1 is lost: no trace"));
}

}  // namespace
}  // namespace hailstorm::lab
