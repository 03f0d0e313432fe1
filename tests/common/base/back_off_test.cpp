#include "common/base/back_off.h"

#include <gtest/gtest.h>

namespace hailstorm {
namespace {

TEST(BackOffTest, PausesDoubleUpToTheLimitAndBeginAgainAfterASuccess) {
  BackOff back_off(50, 180);
  for (const int expected_ms : {50, 100, 180, 180}) EXPECT_EQ(back_off.next_ms(), expected_ms);
  back_off.reset();
  EXPECT_EQ(back_off.next_ms(), 50);
}

}  // namespace
}  // namespace hailstorm
