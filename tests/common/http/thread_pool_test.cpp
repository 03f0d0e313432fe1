#include "common/http/thread_pool.h"

#include <atomic>
#include <gtest/gtest.h>
#include <latch>

namespace hailstorm::http {
namespace {

constexpr int kPatienceMs = 10'000;

bool becomes(const std::function<bool()>& true_thing) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  while (!true_thing()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

TEST(ThreadPoolTest, WhatMeetsEachOtherRunsAtOnceAndThenTheThreadsGo) {
  GrowingThreadPool pool(40, 20);
  std::latch together(40);
  for (int i = 0; i < 40; ++i) pool.enqueue([&] { together.arrive_and_wait(); });
  EXPECT_TRUE(becomes([&] { return together.try_wait(); }));
  EXPECT_TRUE(becomes([&] { return pool.threads() == 1; })) << pool.threads();
}

TEST(ThreadPoolTest, NeverMoreThanTheLimitAndNothingIsForgotten) {
  GrowingThreadPool pool(3, 1);
  std::atomic<int> done = 0;
  size_t most = 0;
  for (int i = 0; i < 2'000; ++i) {
    pool.enqueue([&] { ++done; });
    most = std::max(most, pool.threads());
  }
  pool.shutdown();
  EXPECT_EQ(done, 2'000);
  EXPECT_LE(most, 3U);
}

TEST(ThreadPoolTest, AfterAllButOneHaveGoneThereIsRoomForManyAgain) {
  GrowingThreadPool pool(8, 5);
  for (int round = 0; round < 5; ++round) {
    std::latch together(8);
    for (int i = 0; i < 8; ++i) pool.enqueue([&] { together.arrive_and_wait(); });
    ASSERT_TRUE(becomes([&] { return together.try_wait(); })) << "round " << round;
    ASSERT_TRUE(becomes([&] { return pool.threads() == 1; })) << "round " << round;
  }
}

// While they go, another while begins: those that are gone already do not count twice.
TEST(ThreadPoolTest, OneStaysHoweverLongTheOthersTakeToGo) {
  GrowingThreadPool pool(64, 1);
  for (int round = 0; round < 50; ++round) {
    std::latch together(64);
    for (int i = 0; i < 64; ++i) pool.enqueue([&] { together.arrive_and_wait(); });
    ASSERT_TRUE(becomes([&] { return together.try_wait(); })) << "round " << round;
    ASSERT_TRUE(becomes([&] { return pool.threads() <= 1; })) << "round " << round;
    ASSERT_EQ(pool.threads(), 1U) << "round " << round;
  }
}

}  // namespace
}  // namespace hailstorm::http
