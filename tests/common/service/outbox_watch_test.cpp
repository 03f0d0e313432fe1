#include "common/service/outbox_watch.h"

#include <gtest/gtest.h>

namespace hailstorm::service {
namespace {

TEST(OutboxWatchTest, TheSameRowForFiveSecondsInWhichTheLogAnswersIsStuck) {
  OutboxWatch watch;
  EXPECT_EQ(watch.look(7, true, 1'000), "");
  EXPECT_EQ(watch.look(7, true, 5'999), "");
  EXPECT_NE(watch.look(7, true, 6'000).find("row 7"), std::string::npos);
  EXPECT_EQ(watch.look(8, true, 6'001), "") << "it moves";
  EXPECT_EQ(watch.look(std::nullopt, true, 20'000), "") << "it is empty";
  EXPECT_EQ(watch.look(9, true, 30'000), "");
}

TEST(OutboxWatchTest, RowsThatWaitForALogThatDoesNotAnswerAreNotStuck) {
  OutboxWatch watch;
  for (int64_t now_ms = 0; now_ms < 20'000; now_ms += 500)
    EXPECT_EQ(watch.look(7, false, now_ms), "");
  EXPECT_EQ(watch.look(7, true, 20'000), "");
  EXPECT_EQ(watch.look(7, true, 24'000), "") << "the log may still have much to take";
  EXPECT_EQ(watch.look(7, false, 24'500), "");
  EXPECT_EQ(watch.look(7, true, 29'000), "");
  EXPECT_NE(watch.look(7, true, 29'500), "");
}

}  // namespace
}  // namespace hailstorm::service
