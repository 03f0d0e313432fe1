#include "common/base/clock.h"
#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

using ::testing::HasSubstr;

/// A refusal concerns the record that is refused, and no other that shares a batch with it.
class RefusedRecordsTest : public LogFixture {
 protected:
  static constexpr int32_t kLimit_bytes = 2'000;

  void make(const std::string& name, int32_t partitions, int32_t max_batch_bytes) {
    TopicSettings settings;
    settings.partitions = partitions;
    settings.max_batch_bytes = max_batch_bytes;
    ASSERT_OK(admin_->create_topic(name, settings));
  }
  void send(Producer& producer, Record one) {
    ASSERT_OK(producer.send("rides", std::move(one), deliveries_.callback()));
  }
  /// Of the sent records, by their place among them.
  std::vector<size_t> refused() {
    std::vector<size_t> all;
    for (size_t i = 0; i < deliveries_.count(); ++i) {
      if (!deliveries_.at(i).ok()) all.push_back(i);
    }
    return all;
  }
  std::vector<std::string> values_of_partition(int32_t partition, size_t count) {
    const auto consumer = reader({{{"rides", partition}, 0}});
    return values(read(*consumer, count));
  }
  static std::vector<std::string> numbered(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
    return all;
  }

  Deliveries deliveries_;
};

// Invariant 57.
TEST_F(RefusedRecordsTest, ARecordOfAWrongTimeTakesNoOtherOfItsBatchWithIt) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.linger_ms = 100});
  for (const auto& value : numbered(50)) {
    send(*producer, record(value));
    if (value != "7" && value != "20" && value != "49") continue;
    Record ahead = record("ahead");
    ahead.timestamp_ms = SystemClock().wall_ms() + 48 * 3'600'000;
    send(*producer, ahead);
  }
  ASSERT_OK(producer->flush(20'000));
  EXPECT_THAT(refused(), ElementsAre(8, 22, 52));
  EXPECT_FAILS_WITH(deliveries_.at(8), LogErrc::refused);
  EXPECT_THAT(deliveries_.at(8).error().message(), HasSubstr("ahead of the broker's clock"));
  EXPECT_EQ(values_of_partition(0, 50), numbered(50));
}

TEST_F(RefusedRecordsTest, ManyAtOnceAreReportedOneByOneToo) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.linger_ms = 100});
  ASSERT_OK(producer->send("rides", record("first"), {}));  // its partitions are known from now on
  ASSERT_OK(producer->flush(20'000));
  std::vector<RecordView> views(20);
  for (size_t i = 0; i < views.size(); ++i) views[i].value = "v";
  views[5].timestamp_ms = INT64_MAX;
  int64_t good = 0;
  int64_t bad = 0;
  ASSERT_OK(producer->send("rides", views, [&](const auto& delivery, int64_t record_count) {
    (delivery.ok() ? good : bad) += record_count;
  }));
  ASSERT_OK(producer->flush(20'000));
  EXPECT_EQ(good, 19);
  EXPECT_EQ(bad, 1);
}

// Invariant 57: small batches for a topic of a small limit; only what is too large alone is
// refused.
TEST_F(RefusedRecordsTest, ATopicOfASmallLimitTakesAllThatFitsAndNamesWhatDoesNot) {
  make("rides", 1, kLimit_bytes);
  const auto producer = engine_->make_producer({.linger_ms = 100});
  for (const auto& value : numbered(300)) {
    send(*producer, record(value));
    if (value == "150") send(*producer, record(std::string(kLimit_bytes, 'x')));
  }
  ASSERT_OK(producer->flush(20'000));
  EXPECT_THAT(refused(), ElementsAre(151));
  EXPECT_THAT(deliveries_.at(151).error().message(),
              HasSubstr("too large for rides-0, which takes up to 2000 (max_batch_bytes)"));
  EXPECT_EQ(values_of_partition(0, 300), numbered(300));
}

TEST_F(RefusedRecordsTest, ATopicThatIsMadeAgainWithASmallLimitTakesAllThatFits) {
  topic("rides", 1);
  const auto producer = engine_->make_producer({.linger_ms = 100});
  send(*producer, record("to the old one"));
  ASSERT_OK(producer->flush(20'000));
  ASSERT_OK(admin_->delete_topic("rides"));
  make("rides", 1, kLimit_bytes);
  for (const auto& value : numbered(500)) send(*producer, record(value));
  ASSERT_OK(producer->flush(20'000));
  EXPECT_THAT(refused(), IsEmpty());
  EXPECT_EQ(values_of_partition(0, 500), numbered(500));
}

// Records for a partition that is not there any more would else wait until their time is over.
TEST_F(RefusedRecordsTest, ATopicThatIsMadeAgainWithFewerPartitionsIsLearnedAtOnce) {
  topic("rides", 8);
  const auto producer = engine_->make_producer();
  for (const auto& value : numbered(50)) send(*producer, record(value, value));
  ASSERT_OK(producer->flush(20'000));
  ASSERT_OK(admin_->delete_topic("rides"));
  topic("rides", 1);
  for (const auto& value : numbered(50)) send(*producer, record(value, value));
  ASSERT_OK(producer->flush(20'000));
  for (const size_t i : refused()) EXPECT_FAILS_WITH(deliveries_.at(i), LogErrc::unknown_topic);
  const size_t before = deliveries_.count();
  for (const auto& value : numbered(50)) send(*producer, record(value, value));
  ASSERT_OK(producer->flush(20'000));
  for (size_t i = before; i < before + 50; ++i) ASSERT_OK(deliveries_.at(i));
}

}  // namespace
}  // namespace hailstorm::log
