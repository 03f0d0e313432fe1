#include "common/base/log_limit.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>

#include "tests/support/fake_clock.h"

namespace hailstorm {
namespace {

class LogLimitTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_;
  LogLimit limit_{clock_};
};

TEST_F(LogLimitTest, OneLineOfAKindASecondAndTheNextSaysHowManyWereHeldBack) {
  EXPECT_EQ(limit_.admit("bad event"), 0U);
  for (int i = 0; i < 399'999; ++i) ASSERT_EQ(limit_.admit("bad event"), std::nullopt);
  clock_.advance_ms(LogLimit::kEveryMs - 1);
  EXPECT_EQ(limit_.admit("bad event"), std::nullopt);
  clock_.advance_ms(1);
  EXPECT_EQ(limit_.admit("bad event"), 400'000U);
  clock_.advance_ms(LogLimit::kEveryMs);
  EXPECT_EQ(limit_.admit("bad event"), 0U);
}

TEST_F(LogLimitTest, KindsDoNotHoldEachOtherBack) {
  EXPECT_EQ(limit_.admit("bad event"), 0U);
  EXPECT_EQ(limit_.admit("no answer"), 0U);
  EXPECT_EQ(limit_.admit("bad event"), std::nullopt);
  EXPECT_EQ(limit_.admit(""), 0U);
}

TEST_F(LogLimitTest, LinesThatWereHeldBackAreReportedWhenTheirSecondIsOver) {
  EXPECT_EQ(limit_.admit("bad event"), 0U);
  EXPECT_EQ(limit_.admit("bad event"), std::nullopt);
  clock_.advance_ms(LogLimit::kEveryMs - 1);
  EXPECT_TRUE(limit_.take_due().empty());
  clock_.advance_ms(1);
  const auto due = limit_.take_due();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].kind, "bad event");
  EXPECT_EQ(due[0].count, 1U);
  EXPECT_TRUE(limit_.take_due().empty());
  // That line was the one of this second.
  EXPECT_EQ(limit_.admit("bad event"), std::nullopt);
}

TEST_F(LogLimitTest, AtTheEndOfAProcessEveryCountIsReported) {
  EXPECT_EQ(limit_.admit("bad event"), 0U);
  EXPECT_TRUE(limit_.take_all().empty());
  EXPECT_EQ(limit_.admit("bad event"), std::nullopt);
  ASSERT_EQ(limit_.take_all().size(), 1U);
  EXPECT_TRUE(limit_.take_all().empty());
}

// A kind that has a peer's text in it must not take all the memory, nor fill the disk.
TEST_F(LogLimitTest, KindsBeyondTheBoundShareOneLineASecond) {
  for (size_t i = 0; i < LogLimit::kMostKinds; ++i) {
    ASSERT_EQ(limit_.admit(fmt::format("kind {}", i)), 0U);
  }
  EXPECT_EQ(limit_.admit("one more"), 0U);
  EXPECT_EQ(limit_.admit("another"), std::nullopt);
  EXPECT_EQ(limit_.admit("one more"), std::nullopt);
  const auto held_back = limit_.take_all();
  ASSERT_EQ(held_back.size(), 1U);
  EXPECT_EQ(held_back[0].kind, "");
  EXPECT_EQ(held_back[0].count, 2U);
}

TEST_F(LogLimitTest, AnIdleKindIsReplacedByAnother) {
  for (size_t i = 0; i < LogLimit::kMostKinds; ++i) {
    ASSERT_EQ(limit_.admit(fmt::format("kind {}", i)), 0U);
  }
  EXPECT_EQ(limit_.admit("kind 0"), std::nullopt);  // is not idle: its count is not written yet
  clock_.advance_ms(LogLimit::kEveryMs);
  EXPECT_EQ(limit_.admit("one more"), 0U);
  EXPECT_EQ(limit_.admit("another"), 0U);
  EXPECT_EQ(limit_.admit("kind 0"), 1U);
}

TEST_F(LogLimitTest, ManyThreadsLoseNoCount) {
  constexpr int kThreads = 8;
  constexpr int kLines = 20'000;
  std::vector<uint64_t> written(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kLines; ++i) {
        if (i % 1000 == 0) clock_.advance_ms(LogLimit::kEveryMs);
        if (const auto suppressed = limit_.admit("bad event")) written[t] += 1 + *suppressed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  uint64_t all = std::accumulate(written.begin(), written.end(), uint64_t{0});
  for (const auto& held_back : limit_.take_all()) all += held_back.count;
  EXPECT_EQ(all, uint64_t{kThreads} * kLines);
}

}  // namespace
}  // namespace hailstorm
