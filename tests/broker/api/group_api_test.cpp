#include "common/base/text.h"
#include "tests/broker/api/broker_fixture.h"

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
  produce_many("rides", 50);
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
  produce_many("rides", 50);
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
  produce_many("rides", 50);
  const auto joined = heartbeat(wire::kJoinEpoch);
  commit(joined.member_epoch, 42);
  sync();
  send(Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  sync();
  reopen();
  EXPECT_FALSE(health_.not_ready_reason().has_value());
  create("rides");
  EXPECT_EQ(committed(), wire::kNewToGroup);
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
  sync();
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

TEST_F(GroupApiTest, TheMetricOfAGroupGoesAwayWithItAndWithItsTopic) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  commit(joined.member_epoch, 0);
  heartbeat(wire::kLeaveEpoch);
  const auto has_lag = [this] {
    clock_.advance_ms(1'000);
    broker_->tick();
    sync();
    return metrics_.render().find("group_lag_records") != std::string::npos;
  };
  EXPECT_TRUE(has_lag());
  send(Api::delete_topic, wire::DeleteTopicRequest{"rides"});
  sync();
  EXPECT_FALSE(has_lag());

  create("rides");
  const auto again = heartbeat(wire::kJoinEpoch);
  commit(again.member_epoch, 0);
  heartbeat(wire::kLeaveEpoch);
  EXPECT_TRUE(has_lag());
  const auto removed = send(Api::delete_group, wire::DeleteGroupRequest{"payment"});
  sync();
  EXPECT_EQ(code<wire::DeleteGroupReply>(removed), ErrorCode::none);
  EXPECT_FALSE(has_lag());
}

TEST_F(GroupApiTest, ADeletedGroupIsGoneAfterAKillThatFollowsTheAnswer) {
  create("rides");
  const auto joined = heartbeat(wire::kJoinEpoch);
  commit(joined.member_epoch, 42);
  heartbeat(wire::kLeaveEpoch);
  const auto removed = send(Api::delete_group, wire::DeleteGroupRequest{"payment"});
  EXPECT_FALSE(answered(removed)) << "it is not durable yet";
  sync();
  EXPECT_EQ(code<wire::DeleteGroupReply>(removed), ErrorCode::none);
  reopen();
  EXPECT_EQ(committed(), -1);
  const auto listed =
      reply<wire::ListGroupsReply>(send(Api::list_groups, wire::ListGroupsRequest{}));
  EXPECT_TRUE(listed && listed->groups.empty());
}

TEST_F(GroupApiTest, AGroupsNameCanBeShownAnywhere) {
  create("rides");
  const auto joins_as = [this](const std::string& group) {
    wire::GroupHeartbeatRequest request;
    request.group = group;
    request.member_id = "m1";
    request.topics = {"rides"};
    const auto id = send(Api::group_heartbeat, request);
    sync();
    return code<wire::GroupHeartbeatReply>(id);
  };
  for (const std::string& name :
       {std::string(), std::string(256, 'g'), std::string("\xff"), std::string("a\nb"),
        std::string("\x1b[31m"), std::string("\x7f"), std::string("\xc2\x85"),
        std::string("\xe2\x80\xae"), std::string("\0", 1)}) {
    EXPECT_EQ(joins_as(name), ErrorCode::invalid_request) << printable(name);
  }
  EXPECT_EQ(joins_as(std::string(255, 'g')), ErrorCode::none);
  EXPECT_EQ(joins_as("Z\xc3\xbcrich \xf0\x9f\x9a\x95"), ErrorCode::none);
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
