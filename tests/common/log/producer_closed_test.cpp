#include <filesystem>

#include "common/wire/partitioner.h"
#include "tests/common/log/log_fixture.h"
#include "tests/support/damaged_partition.h"

namespace hailstorm::log {
namespace {

/// A topic of two partitions, of which the first can be closed.
class ProducerClosedTest : public LogFixture {
 protected:
  ProducerClosedTest() {
    TopicSettings settings;
    settings.partitions = 2;
    settings.segment_bytes = 1'024;
    EXPECT_OK(admin_->create_topic("rides", settings));
    const auto producer = engine_->make_producer();
    for (const int32_t partition : {0, 1})
      EXPECT_OK(producer->send("rides", record("begin", key_of(partition)), {}));
    EXPECT_OK(producer->flush(20'000));
  }
  static std::string key_of(int32_t partition) {
    for (int i = 0;; ++i) {
      const std::string key = std::to_string(i);
      if (wire::partition_for_key(key, 2) == partition) return key;
    }
  }
  /// A second call repairs it.
  void damage() {
    broker_.stop();
    testing::flip_a_bit_of(folder());
    broker_.start_unready();
  }
  [[nodiscard]] std::filesystem::path folder() const { return broker_.data() / "rides-0"; }
  Deliveries deliveries_;
};

TEST_F(ProducerClosedTest, RecordsAvoidAPartitionThatClosesMeanwhile) {
  std::filesystem::create_directory(folder() / "00000000000000000001.log");  // in the next's place
  const auto producer = engine_->make_producer();
  for (int i = 0; i < 60; ++i) {
    ASSERT_OK(producer->send("rides", record(std::string(1'500, 'x')), deliveries_.callback()));
    ASSERT_OK(producer->flush(10'000));
  }
  int failed = 0;
  for (size_t i = 0; i < deliveries_.count(); ++i) {
    if (deliveries_.at(i).ok()) {
      EXPECT_EQ(deliveries_.at(i)->id.partition, 1);
      continue;
    }
    ++failed;
    EXPECT_FAILS_WITH(deliveries_.at(i), LogErrc::unknown_outcome);
    EXPECT_THAT(deliveries_.at(i).error().message(),
                ::testing::HasSubstr("partition rides-0 is closed: "));
  }
  EXPECT_EQ(failed, 1) << "the one that met it";
  ASSERT_OK(producer->send("rides", record("x", key_of(0)), deliveries_.callback()));
  ASSERT_OK(producer->flush(10'000));
  EXPECT_FAILS_WITH(deliveries_.at(60), LogErrc::storage_error);  // it was not even sent
}

TEST_F(ProducerClosedTest, AfterTheBrokersStartThePartitionIsUsedAgain) {
  damage();
  const auto producer = engine_->make_producer();
  ASSERT_OK(producer->send("rides", record("x", key_of(0)), deliveries_.callback()));
  ASSERT_OK(producer->flush(10'000));
  EXPECT_FAILS_WITH(deliveries_.at(0), LogErrc::storage_error);
  damage();
  ASSERT_OK(producer->send("rides", record("y", key_of(0)), deliveries_.callback()));
  ASSERT_OK(producer->flush(20'000));
  ASSERT_OK(deliveries_.at(1));
  EXPECT_EQ(deliveries_.at(1)->offset, 1);
}

}  // namespace
}  // namespace hailstorm::log
