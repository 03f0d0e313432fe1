#include "common/base/thread_pool.h"

#include <atomic>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <system_error>

#include "tests/support/await.h"

namespace hailstorm {
namespace {

using testing::await;

/// So many jobs, each of which waits for all others.
bool meet(GrowingThreadPool& pool, int jobs) {
  const auto together = std::make_shared<std::latch>(jobs);
  for (int i = 0; i < jobs; ++i) pool.enqueue([together] { together->arrive_and_wait(); });
  return await([&] { return together->try_wait(); });
}

TEST(ThreadPoolTest, WhatMeetsEachOtherRunsAtOnceAndThenTheThreadsGo) {
  GrowingThreadPool pool(40, 20);
  ASSERT_TRUE(meet(pool, 40));
  EXPECT_TRUE(await([&] { return pool.threads() == 1; })) << pool.threads();
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
    ASSERT_TRUE(meet(pool, 8)) << "round " << round;
    ASSERT_TRUE(await([&] { return pool.threads() == 1; })) << "round " << round;
  }
}

// While they go, another while begins: those that are gone already do not count twice.
TEST(ThreadPoolTest, OneStaysHoweverLongTheOthersTakeToGo) {
  GrowingThreadPool pool(64, 1);
  for (int round = 0; round < 50; ++round) {
    ASSERT_TRUE(meet(pool, 64)) << "round " << round;
    ASSERT_TRUE(await([&] { return pool.threads() <= 1; })) << "round " << round;
    ASSERT_EQ(pool.threads(), 1U) << "round " << round;
  }
}

// A limit of processes or of memory: it costs what was to be done, and not the process.
TEST(ThreadPoolTest, WithoutAThreadAJobIsRefusedAndWithOneItWaits) {
  std::atomic<int> allowed = 0;
  GrowingThreadPool pool(4, 2'000, [&](std::function<void()> work) {
    if (allowed.fetch_sub(1) <= 0) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(work));
  });
  std::atomic<int> done = 0;
  EXPECT_FALSE(pool.enqueue([&] { ++done; }));
  allowed = 1;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pool.enqueue([&] { ++done; }));
  pool.shutdown();
  EXPECT_EQ(done, 10);
}

}  // namespace
}  // namespace hailstorm
