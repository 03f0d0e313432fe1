#include <atomic>
#include <set>

#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

constexpr int32_t kPartitions = 2;

/// A topic that is deleted and made again under its name, and clients that are in the middle of it.
class RemadeTopicTest : public LogFixture {
 protected:
  RemadeTopicTest() { topic("rides", kPartitions); }

  void remake(int32_t partitions = kPartitions) {
    ASSERT_OK(admin_->delete_topic("rides"));
    topic("rides", partitions);
  }
  static std::vector<std::string> numbered(const std::string& name, int count) {
    std::vector<std::string> values;
    for (int i = 0; i < count; ++i) values.push_back(name + std::to_string(i));
    return values;
  }
  /// Polls until all of these came, whatever else comes; what came, with how often.
  static std::map<std::string, int> read_all(Consumer& consumer,
                                             const std::vector<std::string>& values) {
    std::map<std::string, int> seen;
    const auto has_all = [&] {
      return std::all_of(values.begin(), values.end(),
                         [&](const std::string& value) { return seen.contains(value); });
    };
    EXPECT_TRUE(await([&] {
      const auto polled = consumer.poll(50);
      if (polled.ok()) {
        for (const auto& record : *polled) ++seen[*record.value];
      }
      return has_all();
    })) << "of "
        << values.size() << " values only " << seen.size() << " came";
    return seen;
  }
  static void expect_once(const std::map<std::string, int>& seen,
                          const std::vector<std::string>& values) {
    for (const auto& value : values) EXPECT_EQ(seen.at(value), 1) << value;
  }
  int64_t group_lag() {
    const auto described = admin_->describe_group("payment");
    int64_t lag = 0;
    if (!described.ok()) return -1;
    for (const auto& partition : described->partitions) lag += partition.lag;
    return lag;
  }
  /// A member that has read all of these and committed that.
  std::unique_ptr<Consumer> member_after(const std::vector<std::string>& values,
                                         const ConsumerOptions& options) {
    auto consumer = member(options);
    produce(values);
    EXPECT_OK(consumer->commit(after(read(*consumer, values.size()))));
    return consumer;
  }
};

// Invariants 3 and 4: no record of the new topic is taken for one that was read.
TEST_F(RemadeTopicTest, AMemberReadsTheNewTopicFromItsStart) {
  const auto consumer = member_after(numbered("old", 50), member_options());
  EXPECT_EQ(group_lag(), 0);
  remake();
  const auto fresh = numbered("new", 20);
  produce(fresh);
  EXPECT_EQ(group_lag(), 20) << "of the new topic";
  expect_once(read_all(*consumer, fresh), fresh);
}

// Invariant 4: also where the reset rule would begin at the end.
TEST_F(RemadeTopicTest, AMemberThatBeginsAtTheEndReadsTheNewTopicFromItsStart) {
  ConsumerOptions options = member_options();
  options.reset = OffsetReset::latest;
  const auto consumer = member(options);
  EXPECT_TRUE(await([&] { return consumer->poll(20).ok() && consumer->assignment().size() == 2; }));
  produce(numbered("old", 50));
  EXPECT_OK(consumer->commit(after(read(*consumer, 50))));
  remake();
  const auto fresh = numbered("new", 20);
  produce(fresh);
  expect_once(read_all(*consumer, fresh), fresh);
}

// Invariant 4: a commit that comes late says nothing about the new topic.
TEST_F(RemadeTopicTest, ACommitOfTheOldTopicIsRefused) {
  const auto consumer = member(member_options());
  produce(numbered("old", 50));
  const auto records = read(*consumer, 50);
  remake();
  produce(numbered("new", 100));
  EXPECT_FAILS_WITH(consumer->commit(after(records)), LogErrc::unknown_topic);
  EXPECT_EQ(group_lag(), 100);
  const auto fresh = numbered("new", 100);
  expect_once(read_all(*consumer, fresh), fresh);
  EXPECT_FAILS_WITH(consumer->commit(after(records)), LogErrc::unknown_topic);
  EXPECT_EQ(group_lag(), 100);
}

// Invariant 4: the group is away, and the broker dies between deleting and making.
TEST_F(RemadeTopicTest, CommitsDoNotOutliveTheirTopicWhenTheBrokerIsKilled) {
  (void)member_after(numbered("old", 50), member_options());
  ASSERT_OK(admin_->delete_topic("rides"));
  broker_.kill();
  broker_.start();
  topic("rides", kPartitions);
  const auto fresh = numbered("new", 20);
  produce(fresh);
  const auto consumer = member(member_options());
  expect_once(read_all(*consumer, fresh), fresh);
}

// Invariant 4.
TEST_F(RemadeTopicTest, AReaderWithoutAGroupGetsAnErrorAndReadsTheNewTopicFromItsStart) {
  for (const auto reset : {OffsetReset::earliest, OffsetReset::latest}) {
    const auto old = numbered("old", 50);
    produce(old);
    const auto starts = admin_->offsets_at({{"rides", 0}, {"rides", 1}}, kEarliest);
    ASSERT_OK(starts);
    const auto consumer = reader(starts->positions, reset);
    (void)read_all(*consumer, old);
    remake();
    const auto fresh = numbered("new", 20);
    produce(fresh);
    std::vector<std::string> seen;
    int errors = 0;
    EXPECT_TRUE(await([&] {
      const auto polled = consumer->poll(50);
      if (polled.ok()) {
        for (const auto& record : *polled) seen.push_back(*record.value);
      } else if (polled.error().is(LogErrc::unknown_topic)) {
        ++errors;
        EXPECT_NE(polled.error().message().find("rides"), std::string::npos);
      }
      return seen.size() >= fresh.size();
    }));
    EXPECT_THAT(seen, ::testing::UnorderedElementsAreArray(fresh));
    EXPECT_GE(errors, 1);
  }
}

// Invariant 4: what Admin said of the old topic is no position in the new one.
TEST_F(RemadeTopicTest, APositionOfTheOldTopicIsNoneInTheNew) {
  produce(numbered("old", 50));
  const auto ends = admin_->offsets_at({{"rides", 0}, {"rides", 1}}, kLatest);
  ASSERT_OK(ends);
  remake();
  const auto fresh = numbered("new", 100);
  produce(fresh);
  expect_once(read_all(*reader(ends->positions), fresh), fresh);
  EXPECT_FAILS_WITH(admin_->reset_offsets("payment", ends->positions), LogErrc::unknown_topic);
}

// Invariants 17 and 20: the new topic knows nothing of the producer's sequences.
TEST_F(RemadeTopicTest, AProducerGoesOnAndEachAcknowledgedRecordIsThereOnce) {
  const auto producer = engine_->make_producer({.linger_ms = 1});
  std::mutex mutex;
  std::set<std::string> acknowledged_new;
  std::atomic<bool> is_new = false;
  std::atomic<int> failed = 0;
  std::atomic<bool> stop = false;
  std::thread sender([&] {
    for (int i = 0; !stop; ++i) {
      const std::string value = std::to_string(i);
      const bool after_remake = is_new;
      EXPECT_OK(producer->send("rides", record(value), [&, value, after_remake](const auto& sent) {
        if (!sent.ok()) ++failed;
        const std::lock_guard lock(mutex);
        if (sent.ok() && after_remake) acknowledged_new.insert(value);
      }));
      (void)await([] { return false; }, std::chrono::milliseconds(1));
    }
  });
  for (int round = 0; round < 3; ++round) {
    (void)await([] { return false; }, std::chrono::milliseconds(100));
    is_new = false;
    remake();
    const std::lock_guard lock(mutex);
    acknowledged_new.clear();
    is_new = true;
  }
  EXPECT_TRUE(await([&] {
    const std::lock_guard lock(mutex);
    return acknowledged_new.size() >= 200;
  }));
  stop = true;
  sender.join();
  ASSERT_OK(producer->flush(20'000));
  EXPECT_EQ(failed, 0) << "there is a topic again, so nothing has to fail";
  const auto starts = admin_->offsets_at({{"rides", 0}, {"rides", 1}}, kEarliest);
  ASSERT_OK(starts);
  const auto consumer = reader(starts->positions);
  const std::vector<std::string> wanted(acknowledged_new.begin(), acknowledged_new.end());
  for (const auto& [value, times] : read_all(*consumer, wanted)) EXPECT_EQ(times, 1) << value;
}

TEST_F(RemadeTopicTest, AMemberKnowsWhichOfItsTopicsAreMissing) {
  const auto consumer = engine_->make_consumer(member_options());
  consumer->subscribe({"rides", "trips"});
  const auto missing = [&](const std::vector<std::string>& topics) {
    return await([&] { return consumer->poll(20).ok() && consumer->missing_topics() == topics; });
  };
  EXPECT_TRUE(missing({"trips"}));
  topic("trips", 1);
  EXPECT_TRUE(missing({}));
  ASSERT_OK(admin_->delete_topic("rides"));
  EXPECT_TRUE(missing({"rides"}));
}

}  // namespace
}  // namespace hailstorm::log
