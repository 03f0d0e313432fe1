#include "services/lab/queue/work_queue.h"

#include <gtest/gtest.h>
#include <numeric>

#include "services/lab/queue/comparison.h"

namespace hailstorm::lab {
namespace {

TEST(WorkQueueTest, AMessageGoesToOneTakerAndIsGoneWhenItIsAcknowledged) {
  WorkQueue queue(2);
  EXPECT_TRUE(queue.put("a"));
  const auto taken = queue.take();
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->message, "a");
  EXPECT_FALSE(queue.take()) << "somebody has it";
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_TRUE(queue.acknowledge(taken->receipt));
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_FALSE(queue.acknowledge(taken->receipt)) << "once";
}

TEST(WorkQueueTest, AMessageThatIsGivenBackIsTakenNext) {
  WorkQueue queue(2);
  ASSERT_TRUE(queue.put("a") && queue.put("b"));
  const auto taken = queue.take();
  EXPECT_TRUE(queue.give_back(taken->receipt));
  EXPECT_FALSE(queue.give_back(taken->receipt));
  EXPECT_EQ(queue.take()->message, "a");
  EXPECT_EQ(queue.take()->message, "b");
}

TEST(WorkQueueTest, WhatIsTakenCountsAgainstItsRoom) {
  WorkQueue queue(1);
  EXPECT_TRUE(queue.put("a"));
  EXPECT_FALSE(queue.put("b"));
  const auto taken = queue.take();
  EXPECT_FALSE(queue.put("b"));
  queue.acknowledge(taken->receipt);
  EXPECT_TRUE(queue.put("b"));
}

TEST(WorkQueueTest, TakersThatEmptyItTogetherShareItAndNothingIsTakenTwice) {
  WorkQueue queue(100);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(queue.put(std::to_string(i)));
  const auto counts = empty_together(queue, 3);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), int64_t{0}), 100);
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(empty_together(queue, 1), (std::vector<int64_t>{0}));
}

TEST(QueueOrLogTest, TheTableShowsEachReaderOnceForEachWay) {
  const QueueOrLog result{.rides = 60,
                          .log = {60, 60, 60, 60, 60},
                          .queue = {31, 29, 0, 0, 0},
                          .queue_each = {60, 60, 0, 0, 0}};
  const auto lines = to_lines(to_json(result));
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 6U);
  EXPECT_NE(lines->at(0).find("Of 60 rides"), std::string::npos);
  EXPECT_NE(lines->at(2).find("29"), std::string::npos) << lines->at(2);
  EXPECT_FALSE(to_lines(json::Value::object()).ok());
}

}  // namespace
}  // namespace hailstorm::lab
