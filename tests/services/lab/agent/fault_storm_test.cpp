#include <cstdlib>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

#include "services/lab/agent/fault_control.h"
#include "services/lab/faults/fault_board.h"
#include "services/lab/faults/proc.h"
#include "services/lab/faults/process_faults.h"
#include "tests/support/await.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

using testing::await;

constexpr int kRounds = 8;
constexpr int kStepsOfARound = 40;
constexpr int kProcesses = 3;

uint64_t seed_of_test() {
  if (const char* given = std::getenv("TEST_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device()();
}

/// Some processes and whatever may happen to them, drawn from a seed.
struct FaultStorm {
  explicit FaultStorm(uint64_t seed) : random(seed) {
    for (int i = 0; i < kProcesses; ++i) {
      EXPECT_OK(table.start(name(i), {{"/bin/sleep", "1000"}, ""}, RestartPolicy::always));
    }
  }
  static std::string name(int i) { return "p" + std::to_string(i); }
  uint64_t draw(uint64_t below) { return random() % below; }

  void ask() {
    constexpr std::array kActions = {FaultAction::kill, FaultAction::restart, FaultAction::freeze,
                                     FaultAction::slow};
    FaultRequest request;
    request.target = name(static_cast<int>(draw(kProcesses)));
    request.action = kActions[draw(kActions.size())];
    ;
    if (request.action == FaultAction::slow) {
      request.attributes = {{"share_percent", 1 + draw(99)}};
    }
    const auto asked = board.ask(request);
    EXPECT_TRUE(asked.ok() || asked.error().is(FaultErrc::held) ||
                asked.error().is(FaultErrc::not_possible))
        << asked.error().message();
  }
  void revert_one() {
    const auto all = board.list();
    if (!all.empty()) EXPECT_OK(board.revert(all[draw(all.size())].request.id));
  }
  void step() {
    const std::string victim = name(static_cast<int>(draw(kProcesses)));
    switch (draw(10)) {
      case 0:
        (void)table.kill(victim);
        return;
      case 1:
        if (const auto info = table.describe(victim); info->state != ProcessState::exited) {
          ::kill(info->pid, SIGKILL);  // a death of its own
        }
        return;
      case 2:
        (void)table.start(victim);
        return;
      case 3:
        revert_one();
        return;
      case 4:
      case 5:
        clock.advance_ms(static_cast<int64_t>(draw(2'000)));
        return;
      case 6:
        if (draw(10) == 0) board.reset();
        return;
      default:
        ask();
    }
  }
  bool is_quiet() {
    for (const auto& state : board.list()) {
      if (state.is_on()) return false;
    }
    return true;
  }

  std::mt19937_64 random;
  testing::FakeClock clock;
  ProcessTable table{clock};
  FaultControl processes{table, ""};  // no fault of these runs a program
  FaultBoard board{{process_fault_maker(processes)},
                   clock,
                   {.proof = std::chrono::milliseconds(30),
                    .off_proof = std::chrono::milliseconds(30),
                    .between_looks = std::chrono::milliseconds(1)}};
};

TEST(FaultStormTest, AfterAnySequenceOfAsksDeathsAndEndsNothingIsOnAndNothingStaysStopped) {
  const uint64_t first_seed = seed_of_test();
  for (uint64_t seed = first_seed; seed < first_seed + kRounds; ++seed) {
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    FaultStorm storm(seed);
    for (int i = 0; i < kStepsOfARound; ++i) storm.step();
    storm.clock.advance_ms(10'000);
    ASSERT_TRUE(await([&] { return storm.is_quiet(); }));
    for (int i = 0; i < kProcesses; ++i) {
      // It may have died in the last step, and be reaped only now.
      ASSERT_TRUE(await([&] {
        (void)storm.table.start(FaultStorm::name(i));
        return storm.table.describe(FaultStorm::name(i))->state == ProcessState::running;
      })) << FaultStorm::name(i);
      const auto info = storm.table.describe(FaultStorm::name(i));
      ASSERT_FALSE(info->is_held_down);
      ASSERT_FALSE(storm.table.stops().is_held(FaultStorm::name(i)));
      ASSERT_TRUE(await([&] { return proc_status(info->pid).state != 'T'; }));
    }
  }
}

}  // namespace
}  // namespace hailstorm::lab
