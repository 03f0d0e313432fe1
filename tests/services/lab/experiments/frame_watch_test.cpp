#include "services/lab/experiments/frame_watch.h"

#include <gtest/gtest.h>
#include <sstream>

#include "tests/services/lab/experiments/scripted_lab.h"

namespace hailstorm::lab {
namespace {

FaultState state_of(const std::string& phase, int64_t proven_at_ms, int64_t off_at_ms) {
  return *fault_state_of(*json::parse(ScriptedLab::fault(phase, proven_at_ms, off_at_ms)));
}

TEST(FrameWatchTest, AFrameThatComesLateDoesNotTakeAFaultBack) {
  const SystemClock clock;
  std::ostringstream said;
  Narrator narrator(said, false, clock);
  ScriptedLab lab;
  FrameWatch watch(lab, 1'000, narrator);
  const auto phase_after = [&](const FaultState& state) {
    watch.note("freeze payment", state);
    return watch.faults().at("f1").state.phase;
  };
  EXPECT_EQ(phase_after(state_of("injected", 0, 0)), FaultPhase::injected);
  EXPECT_EQ(phase_after(state_of("not_proven", 0, 0)), FaultPhase::not_proven);
  EXPECT_EQ(phase_after(state_of("injected", 0, 0)), FaultPhase::not_proven);
  EXPECT_EQ(phase_after(state_of("proven_off", 1'002, 2'001)), FaultPhase::proven_off);
  EXPECT_EQ(phase_after(state_of("proven", 1'002, 0)), FaultPhase::proven_off);
}

}  // namespace
}  // namespace hailstorm::lab
