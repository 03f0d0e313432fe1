#include <set>

#include "common/wire/partitioner.h"
#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

class GroupContractTest : public LogFixture {
 protected:
  static constexpr int32_t kPartitions = 4;
  GroupContractTest() { topic("rides", kPartitions); }

  /// So many records to each partition, through keys that lead there.
  void produce_to_each(const std::string& value, int times = 1) {
    const auto producer = engine_->make_producer();
    std::set<int32_t> reached;
    for (int i = 0; reached.size() < kPartitions; ++i) {
      const std::string key = std::to_string(i);
      if (!reached.insert(wire::partition_for_key(key, kPartitions)).second) continue;
      for (int sent = 0; sent < times; ++sent)
        ASSERT_OK(producer->send("rides", record(value, key), {}));
    }
    ASSERT_OK(producer->flush(20'000));
  }
  /// On a busy machine a new consumer is not connected within a short poll.
  static bool is_unconnected(const Result<std::vector<ConsumedRecord>>& polled) {
    return !polled.ok() && polled.error().is(LogErrc::unavailable);
  }
  /// Everybody polls until their shares are these.
  static void share(const std::vector<std::pair<Consumer*, size_t>>& shares) {
    EXPECT_TRUE(await([&] {
      bool right = true;
      for (const auto& [consumer, size] : shares) {
        const auto polled = consumer->poll(20);
        if (!is_unconnected(polled)) EXPECT_OK(polled);
        right = right && consumer->assignment().size() == size;
      }
      return right;
    })) << "shares are not as they should be";
  }
  /// These partitions, each read up to `offset`.
  static std::vector<Position> up_to(const std::vector<TopicPartition>& ids, int64_t offset) {
    std::vector<Position> positions;
    for (const auto& id : ids) positions.push_back({id, offset});
    return positions;
  }
  /// Both poll until each has half; how many records the new one was given meanwhile.
  static size_t given_while_sharing(Consumer& old_one, Consumer& new_one) {
    size_t given = 0;
    EXPECT_TRUE(await([&] {
      const auto of_old = old_one.poll(20);
      if (!is_unconnected(of_old)) EXPECT_OK(of_old);
      const auto of_new = new_one.poll(20);
      if (is_unconnected(of_new)) return false;
      EXPECT_OK(of_new);
      given += of_new.ok() ? of_new->size() : 0;
      return new_one.assignment().size() == 2 && old_one.assignment().size() == 2;
    }));
    return given;
  }
  int32_t epoch() {
    const auto described = admin_->describe_group("payment");
    return described.ok() ? described->info.epoch : -1;
  }
  size_t member_count() {
    const auto described = admin_->describe_group("payment");
    return described.ok() ? described->members.size() : 0;
  }
  int64_t committed(int32_t partition) {
    const auto described = admin_->describe_group("payment");
    if (!described.ok()) return -2;
    for (const auto& one : described->partitions) {
      if (one.id.partition == partition) return one.committed_offset;
    }
    return -1;
  }
};

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

// Invariant 29.
TEST_F(GroupContractTest, APartitionOfAnotherCannotBeCommitted) {
  const auto a = member(member_options());
  const auto b = member(member_options());
  share({{a.get(), 2}, {b.get(), 2}});
  EXPECT_FAILS_WITH(a->commit({{b->assignment().at(0), 1}}), LogErrc::fenced);
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
