#include "common/service/store_review.h"

#include <gtest/gtest.h>

namespace hailstorm::service {
namespace {

const log::TopicPartition kId{"ride_requested", 0};
const Uuid kTopic{{1}};
const Uuid kOther{{2}};

/// One partition, of which the log has the records from `start` to before `end`.
class StoreReviewTest : public ::testing::Test {
 protected:
  ReviewedPartition review_of(int64_t start, int64_t end) {
    log::TopicInfo topic;
    topic.name = kId.topic;
    topic.topic_id = kTopic;
    topic.partitions.push_back({0, start, end, 0, "", is_closed_});
    auto reviewed = review({topic}, stored_, committed_, history_);
    return reviewed.empty() ? ReviewedPartition() : reviewed.front();
  }
  void store_is_at(int64_t offset, const Uuid& topic = kTopic) {
    stored_[kId] = {{kId, offset, topic}, 0};
  }

  LogPositions stored_;
  std::map<log::TopicPartition, int64_t> committed_;
  StoreHistory history_;
  bool is_closed_ = false;
};

TEST_F(StoreReviewTest, AStoreThatIsAsFarAsItsGroupGoesOnThere) {
  store_is_at(7);
  committed_[kId] = 7;
  const auto reviewed = review_of(0, 10);
  EXPECT_EQ(reviewed.next.offset, 7);
  EXPECT_TRUE(reviewed.is_kept);
  EXPECT_FALSE(reviewed.lags());
  EXPECT_FALSE(reviewed.is_missing());
}

TEST_F(StoreReviewTest, AnOlderStoreLagsItsGroup) {
  store_is_at(3);
  committed_[kId] = 7;
  EXPECT_EQ(review_of(0, 10).next.offset, 3);
  EXPECT_TRUE(review_of(0, 10).lags());
}

TEST_F(StoreReviewTest, AnEmptyStoreOfAGroupThatReadLagsFromTheStart) {
  committed_[kId] = 7;
  EXPECT_EQ(review_of(0, 10).next.offset, 0);
  EXPECT_TRUE(review_of(0, 10).lags());
}

TEST_F(StoreReviewTest, AnEmptyStoreOfANewGroupLagsNothingAndMissesNothing) {
  const auto reviewed = review_of(4, 10);
  EXPECT_EQ(reviewed.next.offset, 4);
  EXPECT_FALSE(reviewed.lags());
  EXPECT_FALSE(reviewed.is_missing());
}

TEST_F(StoreReviewTest, RecordsThatTheLogHasNoLongerAreMissing) {
  store_is_at(3);
  committed_[kId] = 7;
  const auto reviewed = review_of(5, 10);
  EXPECT_TRUE(reviewed.is_missing());
  EXPECT_EQ(missing_text({reviewed}), "ride_requested-0: offsets 3 to 4");
}

TEST_F(StoreReviewTest, AnEmptyStoreOfAGroupThatReadMissesWhatTheLogHasNoLonger) {
  committed_[kId] = 7;
  EXPECT_EQ(missing_text({review_of(5, 10)}), "ride_requested-0: offsets 0 to 4");
}

// The group's commits may be lost with the broker's topic of offsets.
TEST_F(StoreReviewTest, AnEmptyStoreOfAServiceThatWroteMissesWhatTheLogHasNoLonger) {
  history_.was_used = true;
  EXPECT_EQ(missing_text({review_of(5, 10)}), "ride_requested-0: offsets 0 to 4");
}

TEST_F(StoreReviewTest, AStoreOfATopicThatWasMadeAgainReadsTheNewOneFromItsStart) {
  store_is_at(7, kOther);
  const auto reviewed = review_of(0, 10);
  EXPECT_EQ(reviewed.next.offset, 0);
  EXPECT_FALSE(reviewed.is_kept);
}

TEST_F(StoreReviewTest, AStoreThatIsAheadOfALogThatLostItsEndReadsItAgain) {
  store_is_at(12);
  const auto reviewed = review_of(2, 10);
  EXPECT_EQ(reviewed.next.offset, 2);
  EXPECT_FALSE(reviewed.is_missing());
}

TEST_F(StoreReviewTest, AStoreOfAProgramWithoutPositionsReadsAgainAndMissesNothing) {
  history_.is_of_older_program = true;
  committed_[kId] = 7;
  const auto reviewed = review_of(5, 10);
  EXPECT_EQ(reviewed.next.offset, 5);
  EXPECT_TRUE(reviewed.lags());
  EXPECT_FALSE(reviewed.is_missing());
}

TEST_F(StoreReviewTest, AClosedPartitionIsLeftOut) {
  store_is_at(7);
  is_closed_ = true;
  EXPECT_TRUE(review_of(0, 0).next.id.topic.empty());
}

}  // namespace
}  // namespace hailstorm::service
