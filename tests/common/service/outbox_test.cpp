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
  EXPECT_EQ(outbox.row_count(), 2);

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

TEST_F(OutboxTest, AnIdIsNeverUsedTwice) {
  Outbox outbox(*db_);
  ASSERT_OK(outbox.publish(event("r1")));
  const auto first = read_outbox(*db_, 0, 10);
  ASSERT_OK(erase_outbox(*db_, first->back().id));
  EXPECT_EQ(*count_outbox(*db_), 0);
  ASSERT_OK(outbox.publish(event("r2")));
  const auto second = read_outbox(*db_, first->back().id, 10);
  ASSERT_OK(second);
  EXPECT_EQ(second->size(), 1u);
}

}  // namespace
}  // namespace hailstorm::service
