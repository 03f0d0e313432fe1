#include "tests/common/log/group_fixture.h"

namespace hailstorm::log {
namespace {

// Invariant 28: the listener hears of the loss while the partitions are still its own, however long
// it takes, so that its last commit counts, and the next owner goes on after it.
TEST_F(GroupContractTest, TheNextOwnerBeginsAtTheCommitOfTheRevokedCallback) {
  produce_to_each("x");
  Consumer* a_itself = nullptr;
  Consumer* next_owner = nullptr;
  Status last = Error(LogErrc::closed, "never called");
  const auto a = member(member_options(), {.revoked =
                                               [&](const std::vector<TopicPartition>& ids) {
                                                 EXPECT_OK(next_owner->poll(1'000));
                                                 EXPECT_THAT(next_owner->assignment(), IsEmpty());
                                                 last = a_itself->commit(up_to(ids, 1));
                                               },
                                           .assigned = {}});
  a_itself = a.get();
  EXPECT_THAT(read(*a, 4), SizeIs(4));
  const auto b = member(member_options());
  next_owner = b.get();
  EXPECT_EQ(given_while_sharing(*a, *b), 0U);
  EXPECT_OK(last);
  produce_to_each("y");
  EXPECT_THAT(values(read(*b, 2)), ElementsAre("y", "y"));
}

// Invariant 28: a commit that nobody waits for is sent before the release, too, also where
// both had to wait for the broker.
TEST_F(GroupContractTest, ACommitOfTheRevokedCallbackIsSentBeforeTheRelease) {
  produce_to_each("x");
  bool is_revoked = false;
  Consumer* a_itself = nullptr;
  const auto a = member(member_options(), {.revoked =
                                               [&](const std::vector<TopicPartition>& ids) {
                                                 is_revoked = true;
                                                 broker_.kill();
                                                 a_itself->commit_soon(up_to(ids, 1));
                                               },
                                           .assigned = {}});
  a_itself = a.get();
  EXPECT_THAT(read(*a, 4), SizeIs(4));
  const auto b = member(member_options());
  ASSERT_TRUE(await([&] {
    (void)a->poll(20).ok();
    return is_revoked;
  }));
  broker_.start();
  EXPECT_EQ(given_while_sharing(*a, *b), 0U);
}

// Invariant 28: also where it had to wait for another commit.
TEST_F(GroupContractTest, TheSecondOfTwoCommitsIsSentBeforeTheReleaseToo) {
  produce_to_each("x");
  Consumer* a_itself = nullptr;
  const auto a = member(member_options(), {.revoked =
                                               [&](const std::vector<TopicPartition>& ids) {
                                                 a_itself->commit_soon(up_to(ids, 0));
                                                 a_itself->commit_soon(up_to(ids, 1));
                                               },
                                           .assigned = {}});
  a_itself = a.get();
  EXPECT_THAT(read(*a, 4), SizeIs(4));
  const auto b = member(member_options());
  EXPECT_EQ(given_while_sharing(*a, *b), 0U);
}

// Invariant 61.
TEST_F(GroupContractTest, AMemberMayBeginBeforeWhatIsCommitted) {
  produce_to_each("x", 3);
  {
    const auto a = member(member_options());
    ASSERT_OK(a->commit(after(read(*a, 12))));
  }
  Consumer* b_itself = nullptr;
  const auto b = member(member_options(),
                        {.revoked = {}, .assigned = [&](const std::vector<TopicPartition>& ids) {
                           b_itself->begin_no_later_than(up_to(ids, 1));
                         }});
  b_itself = b.get();
  const auto records = read(*b, 8);
  EXPECT_THAT(records, SizeIs(8));
  for (const auto& record : records) EXPECT_GE(record.offset, 1);
}

// Invariants 30 and 38.
TEST_F(GroupContractTest, TheNextMemberResumesAtTheCommittedOffset) {
  produce_to_each("x");
  {
    const auto a = member(member_options());
    const auto records = read(*a, 4);
    ASSERT_OK(a->commit(after({records.at(0), records.at(1)})));
  }
  const auto b = member(member_options());
  const auto rest = read(*b, 2);
  EXPECT_THAT(rest, SizeIs(2)) << "what was not committed, and nothing else";
}

// Invariant 30: of commits that nobody waits for the newest counts.
TEST_F(GroupContractTest, OfCommitsThatNobodyWaitsForTheNewestWins) {
  produce_to_each("x", 50);
  const auto a = member(member_options());
  share({{a.get(), 4}});
  for (int64_t offset = 1; offset <= 50; ++offset) a->commit_soon({{{"rides", 2}, offset}});
  EXPECT_TRUE(await([&] { return committed(2) == 50; }));
  a->commit_soon({{{"rides", 9}, 1}});
  EXPECT_TRUE(await([&] { return !a->poll(20).ok(); })) << "the next poll reports a failure";
}

TEST_F(GroupContractTest, WhereNothingIsCommittedTheResetDecides) {
  produce_to_each("old");
  ConsumerOptions options = member_options();
  options.reset = OffsetReset::latest;
  const auto a = member(options);
  share({{a.get(), 4}});
  produce_to_each("new");
  EXPECT_THAT(values(read(*a, 4)), ElementsAre("new", "new", "new", "new"));
}

// Invariant 45.
TEST_F(GroupContractTest, ACommitLostWithTheBrokerIsSentAgain) {
  produce_to_each("x", 7);
  const auto a = member(member_options());
  share({{a.get(), 4}});
  broker_.freeze();
  auto done = std::async(std::launch::async, [&] { return a->commit({{{"rides", 2}, 7}}); });
  EXPECT_EQ(done.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  broker_.kill();
  broker_.start();
  EXPECT_OK(done.get());
  EXPECT_EQ(committed(2), 7);
}

// A clean stop waits for no broker that is away; what was not committed comes again.
TEST_F(GroupContractTest, AWokenConsumerDoesNotWaitLongForACommit) {
  produce_to_each("x");
  const auto a = member(member_options());
  const auto records = read(*a, 4);
  broker_.freeze();
  const auto began = std::chrono::steady_clock::now();
  auto committed = std::async(std::launch::async, [&] { return a->commit(after(records)); });
  EXPECT_EQ(committed.wait_for(std::chrono::milliseconds(1'200)), std::future_status::timeout)
      << "nobody woke it yet";
  a->wake();
  EXPECT_FAILS_WITH(committed.get(), LogErrc::unknown_outcome);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  broker_.thaw();
}

// Invariant 29.
TEST_F(GroupContractTest, APartitionOfAnotherCannotBeCommitted) {
  const auto a = member(member_options());
  const auto b = member(member_options());
  share({{a.get(), 2}, {b.get(), 2}});
  EXPECT_FAILS_WITH(a->commit({{b->assignment().at(0), 1}}), LogErrc::fenced);
}

}  // namespace
}  // namespace hailstorm::log
