#include "tests/broker/groups/schedule.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/long_run.h"

namespace hailstorm::groups {
namespace {

volatile uint64_t running_seed = 0;

void print_the_seed(int) {
  std::fprintf(stderr, "schedule of seed %llu aborted\n",
               static_cast<unsigned long long>(running_seed));
}

constexpr uint64_t kShortCount = 10'000;
constexpr uint64_t kLongCount = 1'000'000;

// Invariants 28, 29, 30, 31, 33, 35, 36, 39 and 40, over random schedules. TEST_SEED=N: of that
// seed alone.
TEST(GroupScheduleTest, RandomSchedulesHoldTheInvariants) {
  const char* const given = std::getenv("TEST_SEED");
  const uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  uint64_t count = testing::is_long_run() ? kLongCount : kShortCount;
  if (given != nullptr) count = 1;
  ::signal(SIGABRT, print_the_seed);
  for (uint64_t seed = first; seed < first + count; ++seed) {
    running_seed = seed;
    const Schedule schedule = make_schedule(seed);
    if (run(schedule).empty()) continue;
    const Schedule shortest = shrink(schedule);
    FAIL() << "seed " << seed << " fails " << run(schedule) << "\nof its " << schedule.size()
           << " steps these " << shortest.size() << " are enough to fail " << run(shortest) << "\n"
           << text_of(shortest);
  }
  ::signal(SIGABRT, SIG_DFL);
}

TEST(GroupScheduleTest, ASeedIsASchedule) {
  EXPECT_EQ(text_of(make_schedule(7)), text_of(make_schedule(7)));
  EXPECT_NE(text_of(make_schedule(7)), text_of(make_schedule(8)));
}

}  // namespace
}  // namespace hailstorm::groups
