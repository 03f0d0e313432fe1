#include "services/lab/platform/sample.h"

#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

ProcessSample ready(const std::string& name) {
  ProcessSample one;
  one.process.name = name;
  one.process.state = ProcessState::running;
  one.answers = one.ready = true;
  return one;
}

struct SampleTest : ::testing::Test {
  PlatformSample sample;

  void SetUp() override {
    sample.lag_known = true;
    sample.processes = {ready("gateway"), ready("matching")};
  }
};

TEST_F(SampleTest, NothingOnItsWayIsQuiet) { EXPECT_TRUE(sample.quiet()); }

TEST_F(SampleTest, OutboxRowsAndGroupLagsAreLag) {
  sample.processes[0].outbox = 3;
  sample.processes[1].lag = 4;
  EXPECT_EQ(sample.lag(), 7);
  EXPECT_FALSE(sample.quiet());
}

TEST_F(SampleTest, AProcessThatIsNotReadyMayHaveMoreRecords) {
  sample.processes[1].ready = false;
  EXPECT_FALSE(sample.quiet());
}

TEST_F(SampleTest, UnknownLagIsNotQuiet) {
  sample.lag_known = false;
  EXPECT_FALSE(sample.quiet());
}

TEST_F(SampleTest, EndedProcessDiedUnlessItIsHeldDown) {
  sample.processes[1].process.state = ProcessState::exited;
  EXPECT_TRUE(sample.processes[1].died());
  sample.processes[1].held_down = true;
  EXPECT_FALSE(sample.processes[1].died());
}

}  // namespace
}  // namespace hailstorm::lab
