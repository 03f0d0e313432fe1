#include "services/lab/platform/end_history.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

TEST(EndHistoryTest, ARecordIsAsOldAsTheFirstEndBeyondIt) {
  EndHistory ends;
  EXPECT_FALSE(ends.seen_at_ms(0).has_value());
  ends.note(10, 1'000);
  ends.note(10, 2'000);
  ends.note(15, 3'000);
  EXPECT_EQ(ends.seen_at_ms(0), 1'000);
  EXPECT_EQ(ends.seen_at_ms(9), 1'000);
  EXPECT_EQ(ends.seen_at_ms(10), 3'000);
  EXPECT_EQ(ends.seen_at_ms(14), 3'000);
  EXPECT_FALSE(ends.seen_at_ms(15).has_value()) << "it is not there yet";
}

TEST(EndHistoryTest, OfATopicThatWasMadeAgainNothingIsKnownFromBefore) {
  EndHistory ends;
  ends.note(100, 1'000);
  ends.note(3, 5'000);
  EXPECT_EQ(ends.seen_at_ms(0), 5'000);
}

TEST(EndHistoryTest, AnAgeOfLongAgoIsLessExactAndNeverTooHigh) {
  EndHistory ends;
  constexpr int kPoints = 10'000;
  for (int i = 1; i <= kPoints; ++i) ends.note(i, i * 200);
  EXPECT_EQ(ends.seen_at_ms(kPoints - 1), kPoints * 200);
  const auto oldest = ends.seen_at_ms(0);
  ASSERT_TRUE(oldest.has_value());
  EXPECT_GE(*oldest, 200);
  for (int offset = 0; offset < kPoints; offset += 97) {
    EXPECT_GE(*ends.seen_at_ms(offset), (offset + 1) * 200) << offset;
  }
}

}  // namespace
}  // namespace hailstorm::lab
