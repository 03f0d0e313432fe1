#include "services/lab/agent/held_process.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

TEST(HeldProcessTest, PausesBeforeRestartsDoubleUpToFiveSeconds) {
  HeldProcess process;
  int64_t now_ms = 1'000;
  for (const int64_t pause_ms : {100, 200, 400, 800, 1'600, 3'200, 5'000, 5'000}) {
    process.started_ms = now_ms;
    process.plan_restart(now_ms);
    EXPECT_EQ(process.restart_at_ms - now_ms, pause_ms);
    now_ms = process.restart_at_ms;
  }
}

TEST(HeldProcessTest, ThePauseIsShortAgainAfterTenSecondsOfLife) {
  HeldProcess process;
  process.plan_restart(1'000);
  process.plan_restart(2'000);
  process.started_ms = 3'000;
  process.plan_restart(13'000);
  EXPECT_EQ(process.restart_at_ms, 13'100);
}

TEST(HeldProcessTest, AProcessThatWasKilledOnRequestDoesNotComeBack) {
  HeldProcess process;
  process.restart = RestartPolicy::always;
  EXPECT_TRUE(process.may_come_back());
  process.kept_down = true;
  EXPECT_FALSE(process.may_come_back());
}

}  // namespace
}  // namespace hailstorm::lab
