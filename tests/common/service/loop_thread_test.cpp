#include "common/service/loop_thread.h"

#include <atomic>
#include <gtest/gtest.h>
#include <latch>

namespace hailstorm::service {
namespace {

constexpr int kLongMs = 600'000;  // a test that waits for it hangs

TEST(LoopThreadTest, APassThatGivesNothingIsTheLast) {
  std::atomic<int> passes = 0;
  LoopThread thread;
  thread.start([&]() -> std::optional<int> {
    if (++passes == 3) return std::nullopt;
    return 0;
  });
  thread.join();
  EXPECT_EQ(passes, 3);
}

TEST(LoopThreadTest, AWakeEndsTheWaitAlsoTheFirst) {
  std::latch first_pass(1);
  std::atomic<bool> stopping = false;
  LoopThread thread;
  const auto pass = [&]() -> std::optional<int> {
    if (stopping) return std::nullopt;
    first_pass.count_down();
    return kLongMs;
  };
  thread.start(pass, kLongMs);
  thread.wake();
  first_pass.wait();
  stopping = true;
  thread.wake();
  thread.join();
}

TEST(LoopThreadTest, WithoutAStartThereIsNothingToWaitFor) {
  LoopThread thread;
  thread.wake();
  thread.join();
}

}  // namespace
}  // namespace hailstorm::service
