#include "common/log/hailstorm/metadata.h"

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

TEST(MetadataTest, AKnownTopicIsRequestedAgainNowAndThen) {
  Metadata metadata;
  EXPECT_EQ(metadata.next_due_ms(), INT64_MAX);
  metadata.want("rides");
  EXPECT_THAT(metadata.due(1'000), ElementsAre("rides"));
  const auto update = metadata.on_reply(answer(4), 1'000);
  ASSERT_EQ(update.topics.size(), 1U);
  EXPECT_EQ(update.topics[0].partition_count, 4);
  EXPECT_THAT(metadata.due(2'000), IsEmpty());
  EXPECT_THAT(metadata.due(metadata.next_due_ms()), ElementsAre("rides")) << "it may grow";
  metadata.invalidate("rides", 2'000);
  EXPECT_THAT(metadata.due(2'000), ElementsAre("rides"));
}

// It may be made just now: records wait for it, but not for ever.
TEST(MetadataTest, ATopicCountsAsMissingAfterAWhile) {
  Metadata metadata;
  metadata.want("rides");
  int64_t now_ms = 1'000;
  EXPECT_THAT(metadata.on_reply(answer(0), now_ms).missing, IsEmpty());
  while (now_ms + 200 < 1'000 + Metadata::kBelieveUnknownMs) {
    now_ms = metadata.next_due_ms();
    EXPECT_LE(now_ms, 1'000 + Metadata::kBelieveUnknownMs);
    if (now_ms == 1'000 + Metadata::kBelieveUnknownMs) break;
    EXPECT_THAT(metadata.on_reply(answer(0), now_ms).missing, IsEmpty());
  }
  EXPECT_THAT(metadata.on_reply(answer(0), 1'000 + Metadata::kBelieveUnknownMs).missing,
              ElementsAre("rides"));
}

TEST(MetadataTest, ATopicThatAppearedIsNotMissingAnyMore) {
  Metadata metadata;
  metadata.want("rides");
  (void)metadata.on_reply(answer(0), 1'000);
  (void)metadata.on_reply(answer(1), 5'900);
  EXPECT_THAT(metadata.on_reply(answer(0), 6'100).missing, IsEmpty());
}

TEST(MetadataTest, AFailedRequestIsSentAgain) {
  Metadata metadata;
  metadata.want("rides");
  metadata.on_failure(1'000);
  EXPECT_THAT(metadata.due(1'000), IsEmpty());
  EXPECT_THAT(metadata.due(metadata.next_due_ms()), ElementsAre("rides"));
}

}  // namespace
}  // namespace hailstorm::log::hail
