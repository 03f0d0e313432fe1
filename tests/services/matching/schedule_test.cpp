#include "services/matching/schedule.h"

#include <gtest/gtest.h>
#include <map>
#include <random>

#include "tests/support/rides.h"

namespace hailstorm::matching {
namespace {

using events::GeoPoint;

constexpr int64_t kMinuteMs = 60'000;
const GeoPoint kHome = testing::ride("a").pickup;

/// A ride from home to home.
Interval busy(int64_t from_ms, int64_t length_ms = 10 * kMinuteMs) {
  return {from_ms, from_ms + length_ms, {kHome, from_ms}, kHome};
}

TEST(ScheduleTest, ARideThatIsGivenBackLeavesNoTrace) {
  Schedule schedule(kHome);
  schedule.take(busy(0), 1);
  schedule.take(busy(60 * kMinuteMs), 2);
  const auto before = schedule.free();
  schedule.take(busy(30 * kMinuteMs), 3);
  ASSERT_TRUE(schedule.give_back(30 * kMinuteMs, 40 * kMinuteMs, 4));
  ASSERT_EQ(schedule.free().size(), before.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(schedule.free()[i].from_ms, before[i].from_ms);
    EXPECT_EQ(schedule.free()[i].until_ms, before[i].until_ms);
    EXPECT_EQ(schedule.free()[i].place, before[i].place);
    EXPECT_EQ(schedule.free()[i].next.at_ms, before[i].next.at_ms);
  }
}

TEST(ScheduleTest, RidesWithoutAPauseCanEachBeGivenBack) {
  Schedule schedule(kHome);
  for (int64_t i = 0; i < 3; ++i) schedule.take(busy(i * 10 * kMinuteMs), i + 1);
  EXPECT_EQ(schedule.at(15 * kMinuteMs), nullptr);
  ASSERT_TRUE(schedule.give_back(10 * kMinuteMs, 20 * kMinuteMs, 4));
  EXPECT_NE(schedule.at(15 * kMinuteMs), nullptr);
  EXPECT_EQ(schedule.at(5 * kMinuteMs), nullptr);
  EXPECT_EQ(schedule.at(25 * kMinuteMs), nullptr);
}

TEST(ScheduleTest, OnlyARideThatWasTakenIsGivenBack) {
  Schedule schedule(kHome);
  schedule.take(busy(0), 1);
  EXPECT_FALSE(schedule.give_back(0, 11 * kMinuteMs, 2));
  EXPECT_FALSE(schedule.give_back(1, 10 * kMinuteMs, 2));
  EXPECT_FALSE(schedule.give_back(20 * kMinuteMs, 30 * kMinuteMs, 2));
  EXPECT_EQ(schedule.at(5 * kMinuteMs), nullptr);
}

TEST(ScheduleTest, TheShortestOfTheOlderFreeTimesIsForgottenAndCountsAsBusy) {
  Schedule schedule(kHome);
  // Pauses of an hour, but for one early and one late pause of 5 minutes.
  int64_t at_ms = 0;
  int64_t early_ms = 0;
  int64_t late_ms = 0;
  constexpr int64_t kRides = Schedule::kMostFreeTimes - 1;
  for (int64_t i = 0; i < kRides; ++i) {
    const bool is_short = i == 10 || i == kRides - 3;
    if (is_short) (i == 10 ? early_ms : late_ms) = at_ms + 12 * kMinuteMs;
    schedule.take(busy(at_ms), i + 1);
    at_ms += (is_short ? 15 : 70) * kMinuteMs;
  }
  ASSERT_NE(schedule.at(early_ms), nullptr);
  ASSERT_NE(schedule.at(late_ms), nullptr);
  schedule.take(busy(at_ms), kRides + 1);
  EXPECT_EQ(schedule.free().size(), Schedule::kMostFreeTimes);
  EXPECT_EQ(schedule.at(early_ms), nullptr) << "forgotten";
  EXPECT_NE(schedule.at(late_ms), nullptr) << "as short, but among the newest";
  EXPECT_NE(schedule.at(-1), nullptr);
  EXPECT_NE(schedule.at(at_ms + 11 * kMinuteMs), nullptr);
}

// Whatever is taken, given back and forgotten: a time is free only where no ride is.
TEST(ScheduleTest, NoTimeIsEverFreeDuringARide) {
  std::mt19937_64 random(3);
  Schedule schedule(kHome);
  std::map<int64_t, int64_t> rides;  // from, until
  for (int64_t number = 1; number < 5'000; ++number) {
    const auto from_ms = static_cast<int64_t>(random() % 10'000) * kMinuteMs;
    const auto length_ms = static_cast<int64_t>(1 + random() % 60) * kMinuteMs;
    if (!rides.empty() && random() % 3 == 0) {
      auto given = rides.lower_bound(from_ms);
      if (given == rides.end()) given = rides.begin();
      if (schedule.give_back(given->first, given->second, number)) rides.erase(given);
    } else if (schedule.at(from_ms) != nullptr &&
               schedule.has_room(from_ms, from_ms + length_ms, kHome)) {
      schedule.take(busy(from_ms, length_ms), number);
      rides[from_ms] = from_ms + length_ms;
    }
    ASSERT_LE(schedule.free().size(), Schedule::kMostFreeTimes);
    for (const FreeTime& free : schedule.free()) {
      const auto next = rides.lower_bound(free.from_ms);
      ASSERT_TRUE(next == rides.end() || next->first >= free.until_ms);
      ASSERT_TRUE(next == rides.begin() || std::prev(next)->second <= free.from_ms);
    }
  }
  EXPECT_GT(rides.size(), Schedule::kMostFreeTimes) << "some were forgotten";
}

}  // namespace
}  // namespace hailstorm::matching
