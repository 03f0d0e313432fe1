#include "tests/broker/server/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::Api;
using wire::ErrorCode;

class GroupApiTest : public BrokerFixture {};

TEST_F(GroupApiTest, AMemberIsGivenEveryPartition) {
  create("rides", 3);
  const auto joined = heartbeat(wire::kJoinEpoch);
  EXPECT_EQ(joined.outcome.code, ErrorCode::none) << joined.outcome.message;
  EXPECT_EQ(joined.assignment.size(), 3U);
}

// Invariant 30: an acknowledged commit survives a kill, so it is not acknowledged before it is
// durable.
TEST_F(GroupApiTest, ACommitIsAnsweredWhenItIsDurableAndSurvivesAKill) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  const auto id = commit(joined.member_epoch, 42);
  EXPECT_FALSE(answered(id));
  sync();
  EXPECT_EQ(code<wire::OffsetCommitReply>(id), ErrorCode::none);
  reopen();
  EXPECT_EQ(committed(), 42);
}

// Invariant 31: a damaged journal is no reason for a spurious "none committed".
TEST_F(GroupApiTest, WithADamagedJournalGroupsAreRefused) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  commit(joined.member_epoch, 42);
  sync();
  broker_.reset();
  EXPECT_OK(topics_->close());
  topics_.reset();
  const auto log = folder_.path() / "__consumer_offsets-0" / "00000000000000000000.log";
  {
    // A flipped bit in the first of several batches: damage before the tail.
    auto file = files_->open(log.string(), storage::FileSystem::Mode::read_write);
    ASSERT_OK(file);
    uint8_t byte = 0;
    ASSERT_OK((*file)->read_at(70, {&byte, 1}));
    byte = static_cast<uint8_t>(byte ^ 1);
    ASSERT_OK((*file)->write_at(70, {&byte, 1}));
  }
  std::filesystem::remove_all(folder_.path() / "__consumer_offsets-0" / "checkpoint");
  open();
  const auto id = send(Api::offset_fetch, wire::OffsetFetchRequest{"payment", {{"rides", 0}}});
  const auto answer = reply<wire::OffsetFetchReply>(id);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome.code, ErrorCode::storage_error);
  EXPECT_NE(answer->outcome.message.find("__consumer_offsets-0 is closed: "), std::string::npos)
      << answer->outcome.message;
  EXPECT_TRUE(health_.not_ready_reason().has_value());
}

// Invariant 39: what went with its topic stays gone, and its tombstone is no damage.
TEST_F(GroupApiTest, OffsetsOfADeletedTopicStayGoneAfterAKill) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  commit(joined.member_epoch, 42);
  sync();
  send(Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  sync();
  reopen();
  EXPECT_FALSE(health_.not_ready_reason().has_value());
  create("rides");
  EXPECT_EQ(committed(), -1);
}

// Invariant 29.
TEST_F(GroupApiTest, ACommitOfAnUnknownMemberIsFenced) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  const auto id = commit(joined.member_epoch, 1, "somebody");
  sync();
  EXPECT_NE(code<wire::OffsetCommitReply>(id), ErrorCode::none);
  EXPECT_EQ(committed(), -1);
}

TEST_F(GroupApiTest, LagIsAMetric) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  produce("rides", batch({"a", "b", "c"}));
  commit(joined.member_epoch, 1);
  sync();
  clock_.advance_ms(1'000);
  broker_->tick();
  sync();
  EXPECT_NE(metrics_.render().find(
                R"(hailstorm_broker_group_lag_records{group="payment",topic="rides"} 2)"),
            std::string::npos)
      << metrics_.render();
}

TEST_F(GroupApiTest, AMemberThatIsSilentLosesItsPlace) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  clock_.advance_ms(60'000);
  broker_->tick();
  sync();
  EXPECT_NE(heartbeat(joined.member_epoch).outcome.code, ErrorCode::none);
}

}  // namespace
}  // namespace hailstorm::broker
