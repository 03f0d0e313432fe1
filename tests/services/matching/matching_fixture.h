#pragma once

#include <gtest/gtest.h>
#include <string>
#include <variant>

#include "services/matching/dispatcher.h"
#include "services/matching/reactor.h"
#include "services/matching/store.h"
#include "tests/support/matchers.h"
#include "tests/support/recorded_effects.h"
#include "tests/support/rides.h"
#include "tests/support/service_database.h"

namespace hailstorm::matching {

using events::Lane;
using events::PaymentDeclined;
using events::RideMatched;
using events::RideUnmatched;
using testing::event;
using testing::ride;

inline constexpr int64_t kHourMs = 3'600'000;
inline constexpr int64_t kYearMs = 365 * 24 * kHourMs;
inline constexpr int64_t kNoonMs = 1'396'310'400'000;

/// Matching with one driver on each lane.
class MatchingTest : public ::testing::Test {
 protected:
  MatchingTest() {
    for (const auto lane : events::kLanes) {
      EXPECT_OK(seed_drivers(*db_, lane, {{"driver-1", Schedule(ride("a").pickup)}}));
    }
  }
  Status sees(const events::Payload& payload, int64_t time_ms = kNoonMs) {
    return reactor_.react(event(payload, time_ms), *db_, effects_);
  }
  /// A new store is shown what the log says.
  void recalls(const events::Payload& payload) {
    const auto was_lacking = reactor_.recall(event(payload), *db_);
    ASSERT_OK(was_lacking);
    EXPECT_TRUE(*was_lacking);
  }
  template <class T>
  bool published(size_t index) {
    return index < effects_.published.size() &&
           std::holds_alternative<T>(effects_.published[index].payload);
  }
  Match match_of(Lane lane, const std::string& ride_id) {
    return find(*db_, lane, ride_id).value().value_or(Match{});
  }
  /// Pairs of rides that have one driver at the same event time.
  int64_t overlaps() {
    return db_.number(
        "SELECT count(*) FROM matches a JOIN matches b ON a.lane=b.lane AND "
        "a.driver_id=b.driver_id AND a.id<b.id AND a.from_ms<b.until_ms AND b.from_ms<a.until_ms "
        "WHERE NOT a.released AND NOT b.released");
  }

  testing::ServiceDatabase db_{migrations()};
  testing::RecordedEffects effects_;
  Dispatcher dispatcher_;
  MatchingReactor reactor_{dispatcher_};
};

}  // namespace hailstorm::matching
