#include "common/log/hailstorm/topic_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstorm::log::hail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

wire::MetadataReply answer(int32_t partitions) {
  wire::MetadataReply reply;
  reply.topics.emplace_back();
  reply.topics[0].name = "rides";
  reply.topics[0].partitions.resize(static_cast<size_t>(partitions));
  if (partitions == 0) {
    reply.topics[0].outcome.code = wire::ErrorCode::unknown_topic_or_partition;
  }
  return reply;
}

TEST(TopicDirectoryTest, WhatIsKnownIsAskedAgainNowAndThen) {
  TopicDirectory directory;
  EXPECT_EQ(directory.next_due_ms(), INT64_MAX);
  directory.want("rides");
  EXPECT_THAT(directory.due(1'000), ElementsAre("rides"));
  const auto news = directory.learn(answer(4), 1'000);
  ASSERT_EQ(news.known.size(), 1U);
  EXPECT_EQ(news.known[0].partition_count, 4);
  EXPECT_THAT(directory.due(2'000), IsEmpty());
  EXPECT_THAT(directory.due(directory.next_due_ms()), ElementsAre("rides")) << "it may grow";
  directory.doubt("rides", 2'000);
  EXPECT_THAT(directory.due(2'000), ElementsAre("rides"));
}

// It may be made just now: records wait for it, but not for ever.
TEST(TopicDirectoryTest, ATopicThatDoesNotExistIsBelievedAfterAWhile) {
  TopicDirectory directory;
  directory.want("rides");
  int64_t now_ms = 1'000;
  EXPECT_THAT(directory.learn(answer(0), now_ms).gone, IsEmpty());
  while (now_ms + 200 < 1'000 + TopicDirectory::kBelieveUnknownMs) {
    now_ms = directory.next_due_ms();
    EXPECT_LE(now_ms, 1'000 + TopicDirectory::kBelieveUnknownMs);
    if (now_ms == 1'000 + TopicDirectory::kBelieveUnknownMs) break;
    EXPECT_THAT(directory.learn(answer(0), now_ms).gone, IsEmpty());
  }
  EXPECT_THAT(directory.learn(answer(0), 1'000 + TopicDirectory::kBelieveUnknownMs).gone,
              ElementsAre("rides"));
}

TEST(TopicDirectoryTest, ATopicThatCameIsNotDoubtedAnyMore) {
  TopicDirectory directory;
  directory.want("rides");
  (void)directory.learn(answer(0), 1'000);
  (void)directory.learn(answer(1), 5'900);
  EXPECT_THAT(directory.learn(answer(0), 6'100).gone, IsEmpty());
}

TEST(TopicDirectoryTest, AnUnansweredQuestionIsAskedAgain) {
  TopicDirectory directory;
  directory.want("rides");
  directory.retry(1'000);
  EXPECT_THAT(directory.due(1'000), IsEmpty());
  EXPECT_THAT(directory.due(directory.next_due_ms()), ElementsAre("rides"));
}

}  // namespace
}  // namespace hailstorm::log::hail
