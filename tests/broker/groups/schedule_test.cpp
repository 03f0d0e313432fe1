#include "tests/broker/groups/schedule.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <signal.h>

namespace hailstorm::groups {
namespace {

volatile uint64_t running_seed = 0;

void tell_the_seed(int) {
  std::fprintf(stderr, "schedule of seed %llu aborted\n",
               static_cast<unsigned long long>(running_seed));
}

uint64_t number_from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Invariants 28, 29, 30, 31, 33, 35, 36, 39 and 40, over random schedules. HAIL_SCHEDULES says how
// many, HAIL_FIRST_SEED where they begin.
TEST(GroupScheduleTest, RandomSchedulesHoldTheInvariants) {
  const uint64_t first = number_from_environment("HAIL_FIRST_SEED", 1);
  const uint64_t count = number_from_environment("HAIL_SCHEDULES", 10'000);
  ::signal(SIGABRT, tell_the_seed);
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
