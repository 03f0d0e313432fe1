#include "tests/broker/groups/consumer_fixture.h"

namespace hailstorm::groups {
namespace {

class ConsumerDescribeTest : public ConsumerFixture {
 protected:
  static Heartbeat joining_by_pattern(const std::string& member, const std::string& pattern) {
    Heartbeat request = joining(member);
    request.topics = std::vector<std::string>();
    request.topic_pattern = pattern;
    return request;
  }
};

TEST_F(ConsumerDescribeTest, WhatAMemberSaysOfItselfIsSeenAlsoAfterARestart) {
  auto request = joining("a");
  request.instance_id = "i";
  request.rack_id = "r";
  request.assignor = "uniform";
  send(request);
  for (int i = 0; i < 2; ++i) {
    const auto group = described();
    EXPECT_EQ(group.state, "Stable");
    EXPECT_EQ(group.epoch, 1);
    EXPECT_EQ(group.assignor, "uniform");
    ASSERT_EQ(group.members.size(), 1u);
    const auto& member = group.members[0];
    EXPECT_EQ(member.instance_id, "i");
    EXPECT_EQ(member.epoch, 1);
    EXPECT_EQ(member.details,
              (MemberDetails{"client of a", "/127.0.0.1", "r", {"rides"}, "", "uniform"}));
    EXPECT_EQ(member.assigned.size(), 4u);
    EXPECT_EQ(member.target.size(), 4u);
    die_and_boot();
    EXPECT_EQ(code_of(staying("a")), ErrorCode::none);
  }
}

TEST_F(ConsumerDescribeTest, AGroupOfTheOtherKindOrNoneIsNotDescribed) {
  EXPECT_EQ(described().outcome.code, ErrorCode::group_id_not_found);
}

TEST_F(ConsumerDescribeTest, APatternTakesUpTopicsThatAreMadeLater) {
  topic("trips", 2, 2);
  EXPECT_THAT(given(send(joining_by_pattern("a", "ri.*"))), ElementsAre(0, 1, 2, 3));
  topic("rivers", 1, 3);
  topic("arid", 1, 4);
  const auto reply = send(staying("a"));
  ASSERT_TRUE(reply.assignment);
  EXPECT_EQ(reply.assignment->size(), 5u);
  EXPECT_EQ(described().members.at(0).details.topic_pattern, "ri.*");
  EXPECT_THAT(described().members.at(0).details.topics, IsEmpty());

  die_and_boot();
  topic("ritual", 1, 5);
  EXPECT_EQ(send(staying("a")).assignment->size(), 6u);
  catalog_.counts.erase("rivers");
  coordinator_->topics_changed();
  EXPECT_EQ(send(staying("a")).assignment->size(), 5u);
}

TEST_F(ConsumerDescribeTest, AMemberChangesItsSubscription) {
  topic("trips", 2, 2);
  send(joining_by_pattern("a", ".*s"));
  EXPECT_EQ(described().members.at(0).target.size(), 6u);
  auto request = staying("a");
  request.topics = std::vector<std::string>{"trips"};
  request.topic_pattern = "";
  send(request);
  EXPECT_EQ(described().members.at(0).target.size(), 2u);
}

}  // namespace
}  // namespace hailstorm::groups
