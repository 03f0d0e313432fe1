#include "tests/services/matching/matching_fixture.h"

namespace hailstorm::matching {
namespace {

/// What matching decided before its store was lost, and the log still says.
class MatchingRebuildTest : public MatchingTest {};

// Invariant 62: a store that is rebuilt keeps what the log says was decided.
TEST_F(MatchingRebuildTest, ARecalledDriverIsKeptAndIsNotPublishedAgain) {
  recalls(RideMatched{"a", "rider-a", "driver-1", kNoonMs + 60'000, kNoonMs + kHourMs});
  ASSERT_OK(sees(ride("a")));
  EXPECT_EQ(match_of(Lane::log, "a").driver_id, "driver-1");
  EXPECT_EQ(match_of(Lane::log, "a").until_ms, kNoonMs + kHourMs);
  EXPECT_TRUE(effects_.published.empty());
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").reason, "no_driver");
}

TEST_F(MatchingRebuildTest, InARebuildUndecidedRidesWaitForDecidedOnes) {
  recalls(RideMatched{"a", "rider-a", "driver-1", kNoonMs + 60'000, kNoonMs + kHourMs});
  recalls(RideUnmatched{"b", "rider-b", "no_driver"});
  ASSERT_OK(sees(ride("new")));
  EXPECT_EQ(match_of(Lane::log, "new").ride_id, "") << "its driver may be another's";
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").reason, "no_driver");
  ASSERT_OK(reactor_.rebuilt(*db_, effects_));
  EXPECT_EQ(match_of(Lane::log, "new").reason, "no_driver");
  ASSERT_EQ(effects_.published.size(), 1u);
  EXPECT_EQ(effects_.published[0].id, "new/ride_unmatched");
}

// The log has both rides for one driver at one time: the first was given up before the second came.
TEST_F(MatchingRebuildTest, ADriverWhoseFirstRideFellAwayKeepsTheSecond) {
  for (const auto* id : {"first", "second"}) {
    recalls(RideMatched{id, "rider-" + std::string(id), "driver-1", kNoonMs + 60'000,
                        kNoonMs + kHourMs});
  }
  ASSERT_OK(sees(ride("first")));
  ASSERT_OK(sees(ride("second")));
  EXPECT_EQ(match_of(Lane::log, "second").driver_id, "driver-1");
  ASSERT_OK(sees(ride("third")));
  ASSERT_OK(sees(PaymentDeclined{"first", "rider-first", "card_declined"}));
  ASSERT_OK(reactor_.rebuilt(*db_, effects_));
  EXPECT_EQ(match_of(Lane::log, "third").reason, "no_driver");
  EXPECT_EQ(overlaps(), 0);
}

TEST_F(MatchingRebuildTest, ARecalledRideThatWasDeclinedFirstKeepsNoDriver) {
  recalls(RideMatched{"a", "rider-a", "driver-1", kNoonMs + 60'000, kNoonMs + kHourMs});
  ASSERT_OK(sees(PaymentDeclined{"a", "rider-a", "card_declined"}));
  ASSERT_OK(sees(ride("a")));
  EXPECT_TRUE(match_of(Lane::log, "a").released);
  ASSERT_OK(reactor_.rebuilt(*db_, effects_));
  ASSERT_OK(sees(ride("b")));
  EXPECT_EQ(match_of(Lane::log, "b").driver_id, "driver-1");
}

}  // namespace
}  // namespace hailstorm::matching
