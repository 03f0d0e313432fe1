#include "common/service/outbox.h"

#include <gtest/gtest.h>

#include "tests/common/service/service_fixture.h"

namespace hailstorm::service {
namespace {

class OutboxTest : public ServiceFixture {};

TEST_F(OutboxTest, RowsComeBackInOrderAndByteForByte) {
  Outbox outbox(*db_);
  ASSERT_OK(outbox.publish(event("r1")));
  const log::Record strange{std::nullopt,
                            std::string("a\0b", 3),
                            {{"h", "\xff"}, {"", ""}, {"n", std::nullopt}, {"", "x"}},
                            -1};
  ASSERT_OK(outbox.publish("dead_letter", strange));

  const auto rows = read_outbox(*db_, 0, 10);
  ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->at(0).topic, "ride_unmatched");
  EXPECT_EQ(rows->at(0).record.key, "rider");
  EXPECT_EQ(rows->at(0).record.headers, events::encode(event("r1")).headers);
  EXPECT_EQ(rows->at(1).record.key, std::nullopt);
  EXPECT_EQ(rows->at(1).record.value, strange.value);
  EXPECT_EQ(rows->at(1).record.headers, strange.headers);
}

TEST_F(OutboxTest, ManyLargeRowsAreReadAFewAtATime) {
  Outbox outbox(*db_);
  for (int i = 0; i < 20; ++i)
    ASSERT_OK(outbox.publish("t", log::Record{{}, std::string(1 << 20, 'x'), {}, -1}));
  EXPECT_EQ(read_outbox(*db_, 0, 1000, 4 << 20)->size(), 4U);
  EXPECT_EQ(read_outbox(*db_, 0, 1000, 1)->size(), 1U) << "one always, or it would never end";
}

TEST_F(OutboxTest, AnIdIsNeverUsedTwice) {
  Outbox outbox(*db_);
  ASSERT_OK(outbox.publish(event("r1")));
  const auto first = read_outbox(*db_, 0, 10);
  ASSERT_OK(erase_outbox(*db_, {first->back().id}));
  EXPECT_EQ(*count_outbox(*db_), 0);
  ASSERT_OK(outbox.publish(event("r2")));
  const auto second = read_outbox(*db_, first->back().id, 10);
  ASSERT_OK(second);
  EXPECT_EQ(second->size(), 1u);
}

// Invariant 57: what no topic takes is refused where it is made, with the reason.
TEST_F(OutboxTest, AnEventThatNoTopicTakesIsRefusedInsideTheTransaction) {
  Outbox outbox(*db_);
  const auto refuses = [&](const std::string& topic, const log::Record& record,
                           const std::string& words) {
    const auto published = outbox.publish(topic, record);
    EXPECT_FAILS_WITH(published, ReactErrc::permanent);
    if (published.ok()) return;
    EXPECT_NE(published.error().message().find(words), std::string::npos)
        << published.error().message();
  };
  log::Record most;
  most.value = std::string(log::kMaxRecordBytes - 10 - 2, 'x');
  most.headers = {{"n", "v"}};
  ASSERT_OK(outbox.publish("rides", most));
  for (const bool in_header : {false, true}) {
    log::Record larger = most;
    if (in_header) larger.headers[0].second = "vv";
    if (!in_header) larger.key = "k";
    refuses("rides", larger, "topic 'rides' is too large: the limit is 4193216");
  }
  log::Record headers;
  headers.headers.assign(500'000, {"", std::nullopt});
  refuses("rides", headers, "too large");
  for (const std::string name : {"", "a/b", "..", "rides\n", "é"})
    refuses(name, {}, name.empty() ? "needs a topic" : "no topic can be named");
  refuses(std::string(250, 'x'), {}, "1 to 249");
  refuses("__consumer_offsets", {}, "the broker's own");
  EXPECT_EQ(rows_of("outbox"), 1);
}

}  // namespace
}  // namespace hailstorm::service
