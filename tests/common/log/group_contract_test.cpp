#include "tests/common/log/group_fixture.h"

namespace hailstorm::log {
namespace {

TEST_F(GroupContractTest, TwoMembersSplitThePartitionsAndHandThemOver) {
  const auto a = member(member_options());
  share({{a.get(), 4}});
  {
    const auto b = member(member_options());
    share({{a.get(), 2}, {b.get(), 2}});
    auto both = a->assignment();
    for (const auto& id : b->assignment()) both.push_back(id);
    EXPECT_EQ(std::set(both.begin(), both.end()).size(), 4U) << "no partition is of both";
    produce_to_each("x");
    EXPECT_THAT(read(*a, 2), SizeIs(2));
    EXPECT_THAT(read(*b, 2), SizeIs(2));
  }
  share({{a.get(), 4}});
}

TEST_F(GroupContractTest, AMemberKnowsItsIdAndItsEpoch) {
  EXPECT_EQ(engine_->make_consumer({})->member().id, "") << "without a group";
  const auto a = member(member_options());
  EXPECT_EQ(a->member().epoch, 0) << "not in the group yet";
  share({{a.get(), 4}});
  const auto described = admin_->describe_group("payment");
  ASSERT_OK(described);
  EXPECT_EQ(a->member().id, described->members.at(0).member_id);
  EXPECT_EQ(a->member().epoch, epoch());
}

// Invariants 30 and 45.
TEST_F(GroupContractTest, AGroupGoesOnAfterTheBrokerWasKilled) {
  produce_to_each("x");
  const auto a = member(member_options());
  const auto b = member(member_options());
  share({{a.get(), 2}, {b.get(), 2}});
  const auto positions = [](Consumer& consumer) {
    std::vector<Position> all;
    for (const auto& id : consumer.assignment()) all.push_back({id, 1});
    return all;
  };
  ASSERT_OK(a->commit(positions(*a)));
  const int32_t before = epoch();
  broker_.kill();
  broker_.start();
  produce_to_each("y");
  EXPECT_THAT(values(read(*a, 2)), ElementsAre("y", "y"));
  EXPECT_THAT(values(read(*b, 2)), ElementsAre("y", "y"));
  ASSERT_OK(b->commit(positions(*b)));
  for (int32_t partition = 0; partition < kPartitions; ++partition) {
    EXPECT_EQ(committed(partition), 1);
  }
  EXPECT_EQ(epoch(), before) << "nobody had to join again";
}

// Invariant 34.
TEST_F(GroupContractTest, AMemberThatDoesNotPollIsEvictedAndItsCommitRefused) {
  produce_to_each("x");
  ConsumerOptions options = member_options();
  options.max_poll_interval_ms = 2'000;
  const auto a = member(options);
  const auto records = read(*a, 4);
  ASSERT_TRUE(await([&] { return member_count() == 0; })) << "it leaves by itself";
  EXPECT_THAT(a->assignment(), IsEmpty()) << "and reads nothing more of what is another's now";
  EXPECT_FAILS_WITH(a->commit(after(records)), LogErrc::fenced);
  EXPECT_FAILS_WITH(a->poll(100), LogErrc::fenced);
  EXPECT_THAT(read(*a, 4), SizeIs(4)) << "it is a member again, and begins where it committed";
  EXPECT_OK(a->commit(after(records)));
}

// Invariant 34: to wait in a poll is to poll.
TEST_F(GroupContractTest, AMemberThatWaitsLongInOnePollStaysAMember) {
  ConsumerOptions options = member_options();
  options.max_poll_interval_ms = 1'000;
  const auto a = member(options);
  share({{a.get(), 4}});
  EXPECT_OK(a->poll(2'500));
  EXPECT_THAT(a->assignment(), SizeIs(4));
}

// Invariant 33: nothing was said, so the session must end first.
TEST_F(GroupContractTest, AMembershipSurvivesAPausedBroker) {
  const auto a = member(member_options());
  share({{a.get(), 4}});
  const int32_t before = epoch();
  broker_.freeze();
  EXPECT_OK(a->poll(300));
  broker_.thaw();
  produce_to_each("x");
  EXPECT_THAT(read(*a, 4), SizeIs(4));
  EXPECT_EQ(epoch(), before);
}

// Invariant 45: else it would be silent from then on, and not know that it is no member any more.
TEST_F(GroupContractTest, AHeartbeatLostWithTheBrokerIsSentAgain) {
  const auto a = member(member_options());
  share({{a.get(), 4}});
  broker_.freeze();
  EXPECT_OK(a->poll(1'000));  // longer than between two heartbeats
  broker_.kill();
  broker_.start();
  ASSERT_TRUE(await([&] { return a->poll(20).ok(); })) << "it is connected again";
  const auto b = member(member_options());
  share({{a.get(), 2}, {b.get(), 2}});
}

// Invariant 35.
TEST_F(GroupContractTest, AStaticMemberComesBackToItsPartitions) {
  const auto other = member(member_options("other"));
  auto bouncing = member(member_options("bouncing"));
  share({{other.get(), 2}, {bouncing.get(), 2}});
  const auto before = bouncing->assignment();
  const int32_t epoch_before = epoch();
  bouncing.reset();
  bouncing = member(member_options("bouncing"));
  share({{other.get(), 2}, {bouncing.get(), 2}});
  EXPECT_EQ(bouncing->assignment(), before);
  EXPECT_EQ(epoch(), epoch_before);
}

// Invariant 35.
TEST_F(GroupContractTest, TheOlderOfTwoWithOneInstanceIdWaitsAndComesBack) {
  const auto older = member(member_options("same"));
  share({{older.get(), 4}});
  auto newer = member(member_options("same"));
  share({{newer.get(), 4}});
  EXPECT_TRUE(await([&] {
    const auto polled = older->poll(20);
    return !polled.ok() && polled.error().is(LogErrc::not_now);
  }));
  EXPECT_FAILS_WITH(older->commit({{{"rides", 0}, 1}}), LogErrc::fenced);
  EXPECT_FAILS_WITH(older->poll(10), LogErrc::not_now);
  const int32_t epoch_before = epoch();
  for (int i = 0; i < 100; ++i) {
    (void)older->poll(10);
    EXPECT_EQ(newer->assignment().size(), 4U) << "the older one took them back";
    (void)newer->poll(10);
  }
  EXPECT_EQ(epoch(), epoch_before);
  newer.reset();
  EXPECT_TRUE(await([&] {
    (void)older->poll(20);
    return older->assignment().size() == 4;
  }));
}

TEST_F(GroupContractTest, GrownPartitionsAreReadToo) {
  const auto a = member(member_options());
  share({{a.get(), 4}});
  ASSERT_OK(admin_->create_partitions("rides", 6));
  share({{a.get(), 6}});
}

TEST_F(GroupContractTest, ALiveGroupIsNeitherMovedNorDeleted) {
  auto a = member(member_options());
  share({{a.get(), 4}});
  EXPECT_FAILS_WITH(admin_->reset_offsets("payment", {{{"rides", 0}, 0}}), LogErrc::refused);
  EXPECT_FAILS_WITH(admin_->delete_group("payment"), LogErrc::refused);
  a.reset();
  ASSERT_OK(admin_->reset_offsets("payment", {{{"rides", 0}, 0}}));
  EXPECT_EQ(committed(0), 0);
  ASSERT_OK(admin_->delete_group("payment"));
  const auto groups = admin_->list_groups();
  ASSERT_OK(groups);
  EXPECT_TRUE(groups->empty());
}

TEST_F(GroupContractTest, WithoutAGroupsNameASubscriberIsRefused) {
  const auto consumer = engine_->make_consumer({});
  consumer->subscribe({"rides"});
  EXPECT_FAILS_WITH(consumer->poll(100), LogErrc::refused);
  EXPECT_FAILS_WITH(consumer->poll(100), LogErrc::refused);
  EXPECT_FAILS_WITH(consumer->commit({{{"rides", 0}, 1}}), LogErrc::refused);
}

TEST_F(GroupContractTest, DescribeShowsOwnersAndLag) {
  produce_to_each("x");
  const auto a = member(member_options("first"));
  const auto records = read(*a, 4);
  ASSERT_OK(a->commit(after({records.at(0)})));
  const auto described = admin_->describe_group("payment");
  ASSERT_OK(described);
  EXPECT_EQ(described->info.state, "Stable");
  ASSERT_THAT(described->members, SizeIs(1));
  EXPECT_EQ(described->members[0].instance_id, "first");
  EXPECT_THAT(described->members[0].assigned, SizeIs(4));
  int64_t lag = 0;
  for (const auto& one : described->partitions) lag += one.lag;
  EXPECT_EQ(lag, 3);
}

}  // namespace
}  // namespace hailstorm::log
