#include "tests/support/child.h"

#include <csignal>
#include <gtest/gtest.h>

#include "common/base/stop_signal.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

/// A program that needs a while before it handles SIGTERM, and ends with 0 when it gets it.
Child slow_program() {
  return Child({"/bin/sh", "-c", "sleep 0.3; trap 'exit 0' TERM; while :; do sleep 0.01; done"});
}

TEST(ChildTest, SigtermWaitsUntilTheProgramHandlesIt) {
  Child child = slow_program();
  child.terminate();
  EXPECT_EQ(child.wait(), 0);
}

// It reads its signals from a descriptor, and is linked for some milliseconds before that.
TEST(ChildTest, SigintWaitsUntilTheBrokerHandlesIt) {
  const TempFolder folder;
  Child broker({program_folder() / "hail-broker", "--data", folder.path() / "data", "--port", "0",
                "--http-port", "0", "--kafka-port", "0"});
  broker.interrupt();
  EXPECT_EQ(broker.wait(), 0);
}

// Else the first moment of a child counts, in which it is still a copy of the test.
TEST(ChildTest, ThatTheTestHandlesASignalSaysNothingOfItsChild) {
  const StopSignal stop;
  Child child = slow_program();
  child.terminate();
  EXPECT_EQ(child.wait(), 0);
}

TEST(ChildTest, AProgramThatHasEndedMayBeTerminated) {
  Child child({"/bin/sh", "-c", "exit 7"});
  child.terminate();
  EXPECT_EQ(child.wait(), 7);
  EXPECT_FALSE(child.is_held());
}

TEST(ChildTest, AFrozenProgramStandsStillUntilItIsThawed) {
  Child child = slow_program();
  child.freeze();
  EXPECT_FALSE(child.has_ended());
  child.thaw();
  child.terminate();
  EXPECT_EQ(child.wait(), 0);
}

TEST(ChildTest, AKilledProgramIsGoneAndSoIsOneThatTakesTooLong) {
  Child killed = slow_program();
  killed.kill();
  EXPECT_FALSE(killed.is_held());
  Child late = slow_program();
  EXPECT_EQ(late.wait(0), 128 + SIGKILL);
}

TEST(ChildTest, AProgramThatIsNotThereEndsWith127) {
  EXPECT_EQ(Child({"/no/such/program"}).wait(), 127);
}

}  // namespace
}  // namespace hailstorm::testing
