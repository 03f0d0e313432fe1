#include <set>

#include "common/wire/partitioner.h"
#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

/// A group that begins at the end of the log, and a topic that gets more partitions.
class NewPartitionsTest : public LogFixture {
 protected:
  NewPartitionsTest() {
    topic("rides", 1);
    options_ = member_options();
    options_.reset = OffsetReset::latest;
  }

  std::unique_ptr<Consumer> member_of(size_t partitions) {
    auto consumer = member(options_);
    EXPECT_TRUE(await(
        [&] { return consumer->poll(20).ok() && consumer->assignment().size() == partitions; }));
    return consumer;
  }
  /// One record to each of `partitions`, by keys.
  void produce_to(const std::set<int32_t>& partitions, const std::string& value) {
    const auto producer = engine_->make_producer();
    Deliveries deliveries;
    std::set<int32_t> left = partitions;
    for (int key = 0; !left.empty(); ++key) {
      const std::string text = std::to_string(key);
      const int32_t partition = wire::partition_for_key(text, 4);
      if (left.erase(partition) == 0) continue;
      ASSERT_OK(producer->send("rides", record(value + std::to_string(partition), text),
                               deliveries.callback()));
    }
    ASSERT_OK(producer->flush(20'000));
    deliveries.expect_all_ok();
  }

  ConsumerOptions options_;
};

// Invariant 40: records that came before the group met the partition are read as well.
TEST_F(NewPartitionsTest, AreReadFromTheirStart) {
  produce({"old"});
  const auto consumer = member_of(1);
  ASSERT_OK(admin_->create_partitions("rides", 4));
  produce_to({1, 2, 3}, "new");
  EXPECT_THAT(values(read(*consumer, 3)), ::testing::UnorderedElementsAre("new1", "new2", "new3"));
}

// Invariant 40: nothing is committed yet, and nobody remembers but the broker.
TEST_F(NewPartitionsTest, AreReadFromTheirStartByTheNextMemberToo) {
  (void)member_of(1);
  ASSERT_OK(admin_->create_partitions("rides", 2));
  produce_to({1}, "a");
  broker_.kill();
  broker_.start();
  EXPECT_THAT(values(read(*member(options_), 1)), ElementsAre("a1")) << "not committed";
  EXPECT_THAT(values(read(*member(options_), 1)), ElementsAre("a1")) << "not committed again";
}

TEST_F(NewPartitionsTest, ANewGroupBeginsAtTheirEnd) {
  (void)member_of(1);
  ASSERT_OK(admin_->create_partitions("rides", 4));
  produce_to({0, 1, 2, 3}, "old");
  options_.group = "another";
  const auto consumer = member_of(4);
  produce_to({0, 1, 2, 3}, "new");
  EXPECT_THAT(values(read(*consumer, 4)),
              ::testing::UnorderedElementsAre("new0", "new1", "new2", "new3"));
}

// A topic that is made when the group waits for it is new as a whole.
TEST_F(NewPartitionsTest, ATopicThatTheGroupWaitedForIsReadFromItsStart) {
  const auto consumer = engine_->make_consumer(options_);
  consumer->subscribe({"trips"});
  EXPECT_TRUE(
      await([&] { return consumer->poll(20).ok() && !consumer->missing_topics().empty(); }));
  topic("trips", 2);
  produce({"a", "b", "c"}, "trips");
  EXPECT_THAT(values(read(*consumer, 3)), ::testing::UnorderedElementsAre("a", "b", "c"));
}

// Invariant 40: none of the records of a stream is skipped while the topic grows under it.
TEST_F(NewPartitionsTest, NoRecordIsSkippedWhileTheTopicGrows) {
  const auto consumer = member_of(1);
  const auto producer = engine_->make_producer({.linger_ms = 0});
  std::thread sender([&] {
    for (int i = 0; i < 300; ++i) {
      EXPECT_OK(producer->send("rides", record(std::to_string(i), std::to_string(i)), {}));
      (void)await([] { return false; }, std::chrono::milliseconds(10));
    }
    EXPECT_OK(producer->flush(20'000));
  });
  std::thread grower([&] {
    const auto admin = engine_->make_admin(20'000);
    for (const int32_t total : {2, 4}) {
      (void)await([] { return false; }, std::chrono::milliseconds(700));
      EXPECT_OK(admin->create_partitions("rides", total));
    }
  });
  const auto records = read(*consumer, 300);
  sender.join();
  grower.join();
  std::set<std::string> seen;
  for (const auto& value : values(records)) seen.insert(value);
  EXPECT_EQ(seen.size(), 300U);
}

}  // namespace
}  // namespace hailstorm::log
