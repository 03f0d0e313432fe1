#include "common/base/stop_signal.h"

#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

namespace hailstorm {
namespace {

TEST(StopSignalTest, SigtermEndsTheWait) {
  StopSignal stop;
  EXPECT_FALSE(stop.requested());
  EXPECT_FALSE(stop.wait_for(1));
  ASSERT_EQ(::kill(::getpid(), SIGTERM), 0);
  stop.wait();
  EXPECT_TRUE(stop.requested());
  EXPECT_EQ(stop.signal(), SIGTERM);
}

TEST(StopSignalTest, ARequestFromInsideIsTheSame) {
  StopSignal stop;
  stop.request();
  EXPECT_TRUE(stop.wait_for(0));
  EXPECT_EQ(stop.signal(), SIGINT);
}

}  // namespace
}  // namespace hailstorm
