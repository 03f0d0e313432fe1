#include "tests/broker/groups/consumer_fixture.h"

namespace hailstorm::groups {
namespace {

class ConsumerHeartbeatTest : public ConsumerFixture {};

TEST_F(ConsumerHeartbeatTest, AMemberWithNothingNewKeepsItsShareAndGetsNoAssignment) {
  EXPECT_THAT(given(send(joining("a"))), ElementsAre(0, 1, 2, 3));
  for (int i = 0; i < 3; ++i) {
    const auto reply = send(staying("a"));
    EXPECT_EQ(reply.outcome.code, ErrorCode::none);
    EXPECT_EQ(reply.member_epoch, 1);
    EXPECT_EQ(reply.heartbeat_interval_ms, 5'000);
    EXPECT_FALSE(reply.assignment);
  }
}

TEST_F(ConsumerHeartbeatTest, AMemberThatSaysAllGetsItsAssignment) {
  send(joining("a"));
  auto all = joining("a");
  all.member_epoch = 1;
  EXPECT_THAT(given(send(all)), ElementsAre(0, 1, 2, 3));
}

TEST_F(ConsumerHeartbeatTest, ARevokedPartitionIsFreeWhenItsMemberSaysWhatItOwns) {
  send(joining("a"));
  EXPECT_THAT(given(send(joining("b"))), IsEmpty());
  const auto kept = given(send(staying("a")));
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_THAT(given(send(staying("a"))), ElementsAre(-1)) << "which says nothing of a release";
  EXPECT_THAT(given(send(staying("b"))), ElementsAre(-1));
  EXPECT_EQ(code_of(owning("a", kept)), ErrorCode::none);
  EXPECT_EQ(epochs_["a"], 2);
  EXPECT_EQ(given(send(staying("b"))).size(), 2u);
}

TEST_F(ConsumerHeartbeatTest, AMemberOfTheFirstVersionMayAskForAnId) {
  auto request = joining("");
  EXPECT_EQ(code_of(request), ErrorCode::invalid_request);
  request.makes_own_id = false;
  const std::string id = send(request).member_id;
  EXPECT_FALSE(id.empty());
  EXPECT_NE(send(request).member_id, id);
  EXPECT_EQ(code_of(staying(id)), ErrorCode::none);
}

TEST_F(ConsumerHeartbeatTest, AFirstHeartbeatThatLeavesSomethingOutIsRefused) {
  const auto without = [](auto leave_out) {
    auto request = joining("a");
    leave_out(request);
    return request;
  };
  for (const auto& request : {without([](auto& one) { one.rebalance_timeout_ms = -1; }),
                              without([](auto& one) { one.owned.reset(); }), without([](auto& one) {
                                one.owned->push_back({Uuid{{1}}, 0});
                              }),
                              without([](auto& one) { one.topics.reset(); }),
                              without([](auto& one) { one.instance_id = ""; }),
                              without([](auto& one) { one.member_epoch = -3; }),
                              without([](auto& one) { one.member_epoch = -2; })})
    EXPECT_EQ(code_of(request), ErrorCode::invalid_request);
  EXPECT_THAT(list().groups, IsEmpty());
}

TEST_F(ConsumerHeartbeatTest, AnAssignorOrAPatternThatIsNoneIsRefused) {
  auto request = joining("a");
  request.assignor = "sticky";
  EXPECT_EQ(code_of(request), ErrorCode::unsupported_assignor);
  request.assignor = "range";
  request.topic_pattern = "rides(";
  EXPECT_EQ(code_of(request), ErrorCode::invalid_regular_expression);
  request.topic_pattern = std::string(1'001, 'x');
  EXPECT_EQ(code_of(request), ErrorCode::invalid_regular_expression);
}

TEST_F(ConsumerHeartbeatTest, AGroupThatIsNotThereAndAMemberThatIsNotAreTwoErrors) {
  epochs_["a"] = 1;
  EXPECT_EQ(code_of(staying("a")), ErrorCode::group_id_not_found);
  send(joining("b"));
  EXPECT_EQ(code_of(staying("a")), ErrorCode::unknown_member_id);
}

TEST_F(ConsumerHeartbeatTest, AnEpochThatIsNotThePresentOneIsFenced) {
  send(joining("a"));
  send(joining("b"));
  const auto kept = given(send(staying("a")));
  send(owning("a", kept));
  epochs_["a"] = 1;
  EXPECT_EQ(code_of(staying("a")), ErrorCode::fenced_member_epoch);
  EXPECT_EQ(code_of(owning("a", {0, 1, 2, 3})), ErrorCode::fenced_member_epoch);
  EXPECT_EQ(code_of(owning("a", kept)), ErrorCode::none) << "the last reply was lost";
  epochs_["a"] = 7;
  EXPECT_EQ(code_of(staying("a")), ErrorCode::fenced_member_epoch);
}

TEST_F(ConsumerHeartbeatTest, AMemberIsSilentFor45Seconds) {
  send(joining("a"));
  pass_ms(44'900);
  EXPECT_EQ(code_of(staying("a")), ErrorCode::none);
  pass_ms(45'000);
  EXPECT_EQ(code_of(staying("a")), ErrorCode::unknown_member_id);
}

TEST_F(ConsumerHeartbeatTest, AStaticMemberWaitsUntilTheOneBeforeItHasLeft) {
  auto first = joining("a1");
  first.instance_id = "a";
  send(first);
  auto second = joining("a2");
  second.instance_id = "a";
  EXPECT_EQ(code_of(second), ErrorCode::unreleased_instance_id);

  auto away = staying("a1");
  away.instance_id = "a";
  away.member_epoch = wire::kLeaveStaticEpoch;
  const auto left = send(away);
  EXPECT_EQ(left.outcome.code, ErrorCode::none);
  EXPECT_EQ(left.member_epoch, wire::kLeaveStaticEpoch);
  EXPECT_THAT(given(send(second)), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(epochs_["a2"], 1) << "nothing moved";
  epochs_["a1"] = 1;
  auto late = staying("a1");
  late.instance_id = "a";
  EXPECT_EQ(code_of(late), ErrorCode::fenced_instance_id);
}

TEST_F(ConsumerHeartbeatTest, AMemberThatLeavesMayJoinAgain) {
  send(joining("a"));
  auto leave = staying("a");
  leave.member_epoch = wire::kLeaveEpoch;
  EXPECT_EQ(send(leave).member_epoch, wire::kLeaveEpoch);
  EXPECT_EQ(described().state, "Empty");
  EXPECT_THAT(given(send(joining("a"))), ElementsAre(0, 1, 2, 3));
}

TEST_F(ConsumerHeartbeatTest, OurOwnClientsAndKafkasShareAGroup) {
  send(joining("a"));
  Consumer ours{.id = "ours"};
  const auto beats = [&] { ours.take(**heartbeat(ours.request(kGroup))); };
  beats();
  send(owning("a", given(send(staying("a")))));
  beats();
  EXPECT_EQ(ours.owned.size(), 2u);
  EXPECT_EQ(described().state, "Stable");
}

TEST_F(ConsumerHeartbeatTest, RangesAreGivenWhereMostMembersWantThem) {
  topic("trips", 4, 2);
  for (const char* member : {"a", "b"}) {
    auto request = joining(member);
    request.topics = {"rides", "trips"};
    request.assignor = "range";
    send(request);
  }
  send(staying("a"));
  EXPECT_EQ(described().assignor, "range");
  const auto target = described().members.at(0).target;
  EXPECT_THAT(target, ElementsAre(wire::TopicPartition{"rides", 0, Uuid{{1}}},
                                  wire::TopicPartition{"rides", 1, Uuid{{1}}},
                                  wire::TopicPartition{"trips", 0, Uuid{{2}}},
                                  wire::TopicPartition{"trips", 1, Uuid{{2}}}));
}

}  // namespace
}  // namespace hailstorm::groups
