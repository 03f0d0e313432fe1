
#include "tests/common/log/log_fixture.h"

namespace hailstorm::log {
namespace {

class AdminContractTest : public LogFixture {};

TEST_F(AdminContractTest, ATopicIsMadeOnceAndDescribed) {
  TopicSettings settings;
  settings.partitions = 3;
  settings.retention_ms = 60'000;
  settings.flush_always = false;
  auto made = admin_->create_topic("rides", settings);
  ASSERT_OK(made);
  EXPECT_TRUE(*made);
  made = admin_->create_topic("rides", settings);
  ASSERT_OK(made);
  EXPECT_FALSE(*made);
  const auto topics = admin_->describe_topics({"rides"});
  ASSERT_OK(topics);
  EXPECT_EQ(topics->at(0).settings.partitions, 3);
  EXPECT_EQ(topics->at(0).settings.retention_ms, 60'000);
  EXPECT_FALSE(topics->at(0).settings.flush_always);
  EXPECT_THAT(topics->at(0).partitions, SizeIs(3));
}

TEST_F(AdminContractTest, AMissingTopicOrGroupIsUnknown) {
  EXPECT_FAILS_WITH(admin_->describe_topics({"nowhere"}), LogErrc::unknown_topic);
  EXPECT_FAILS_WITH(admin_->delete_topic("nowhere"), LogErrc::unknown_topic);
  EXPECT_FAILS_WITH(admin_->create_partitions("nowhere", 3), LogErrc::unknown_topic);
  EXPECT_FAILS_WITH(admin_->offsets_at({{"nowhere", 0}}, kLatest), LogErrc::unknown_topic);
  EXPECT_FAILS_WITH(admin_->describe_group("nobody"), LogErrc::refused);
}

TEST_F(AdminContractTest, NonsenseIsRefused) {
  TopicSettings settings;
  settings.partitions = 0;
  EXPECT_FAILS_WITH(admin_->create_topic("rides", settings), LogErrc::refused);
  EXPECT_FAILS_WITH(admin_->create_topic("no/such name", {}), LogErrc::refused);
  topic("rides", 3);
  EXPECT_FAILS_WITH(admin_->create_partitions("rides", 2), LogErrc::refused);
}

// Invariant 45: else each answer that comes late is taken for that to the next call.
TEST_F(AdminContractTest, ALateAnswerIsNotTakenForTheNextOne) {
  topic("first", 1);
  topic("second", 1);
  const auto hasty = engine_->make_admin(2'000);
  ASSERT_OK(hasty->describe_topics({"first"}));
  broker_.freeze();
  EXPECT_FAILS_WITH(hasty->describe_topics({"first"}), LogErrc::unavailable);
  auto next = std::async(std::launch::async, [&] { return hasty->describe_topics({"second"}); });
  EXPECT_EQ(next.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  broker_.thaw();
  const auto topics = next.get();
  ASSERT_OK(topics);
  EXPECT_EQ(topics->at(0).name, "second");
}

TEST_F(AdminContractTest, OffsetsAreFoundByTime) {
  topic("rides", 1);
  const auto producer = engine_->make_producer();
  for (const int64_t time_ms : {1'000, 2'000, 3'000}) {
    ASSERT_OK(producer->send(
        "rides", {.key = {}, .value = "x", .headers = {}, .timestamp_ms = time_ms}, {}));
    ASSERT_OK(producer->flush(20'000));
  }
  const auto at = [&](int64_t time_ms) {
    const auto found = admin_->offsets_at({{"rides", 0}}, time_ms);
    return found.ok() ? found->positions.at(0).offset : -1;
  };
  EXPECT_EQ(at(kEarliest), 0);
  EXPECT_EQ(at(kLatest), 3);
  EXPECT_EQ(at(0), 0);
  EXPECT_EQ(at(1'001), 1);
  EXPECT_EQ(at(3'000), 2);
  EXPECT_EQ(at(3'001), 3) << "nothing is that young";
}

TEST_F(AdminContractTest, ABrokerThatIsAwayIsUnavailable) {
  const auto hasty = engine_->make_admin(2'000);
  ASSERT_OK(hasty->list_groups());
  broker_.kill();
  EXPECT_FAILS_WITH(hasty->list_groups(), LogErrc::unavailable);
  broker_.start();
  EXPECT_OK(admin_->list_groups());
}

TEST(OpenTest, AUrlThatIsNoneIsRefused) {
  for (const char* url : {"", "hailstorm://", "hailstorm://host", "hailstorm://host:0",
                          "hailstorm://host:x", "kafka://host:9092", "hailstorm://:7400"}) {
    EXPECT_FAILS_WITH(open(url), LogErrc::refused);
  }
}

}  // namespace
}  // namespace hailstorm::log
