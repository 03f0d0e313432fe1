#include <gtest/gtest.h>

#include "common/http/client.h"
#include "common/http/server.h"
#include "services/analytics/chain_step.h"
#include "services/analytics/reactor.h"
#include "services/analytics/reports.h"
#include "services/analytics/store.h"
#include "services/analytics/zone.h"
#include "tests/support/matchers.h"
#include "tests/support/recorded_effects.h"
#include "tests/support/rides.h"
#include "tests/support/service_database.h"

namespace hailstorm::analytics {
namespace {

using events::PaymentDeclined;
using events::RideMatched;
using testing::event;
using testing::ride;

class AnalyticsTest : public ::testing::Test {
 protected:
  Status sees(const events::Payload& payload) {
    return reactor_.react(event(payload), *db_, effects_);
  }
  std::vector<Funnel> by(By grouping) { return funnels(*db_, grouping).value(); }

  testing::ServiceDatabase db_{migrations()};
  testing::RecordedEffects effects_;
  AnalyticsReactor reactor_;
};

TEST(ZoneTest, IsACellOfAboutAKilometre) {
  EXPECT_EQ(zone_of({40.7128, -74.0060}), "4071:-6168");
  EXPECT_EQ(zone_of({40.7128, -74.0060}), zone_of({40.7190, -74.0055}));
  EXPECT_NE(zone_of({40.7128, -74.0060}), zone_of({40.7228, -74.0060}));
  const auto corner = corner_of("4071:-6168");
  ASSERT_TRUE(corner.has_value());
  EXPECT_NEAR(corner->lat, 40.71, 1e-9);
  EXPECT_NEAR(corner->lon, -74.016, 1e-9);
  EXPECT_FALSE(corner_of("4071").has_value());
}

TEST_F(AnalyticsTest, CountsHowFarRidesCame) {
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(sees(ride("b")));
  ASSERT_OK(sees(RideMatched{"a", "rider-a", "driver-1", 1, 2}));
  ASSERT_OK(sees(PaymentDeclined{"b", "rider-b", "card_declined"}));
  const auto lanes = by(By::lane);
  ASSERT_EQ(lanes.size(), 1u);
  EXPECT_EQ(lanes[0].requested, 2);
  EXPECT_EQ(lanes[0].matched, 1);
  EXPECT_EQ(lanes[0].declined, 1);
}

TEST_F(AnalyticsTest, AnOutcomeBeforeItsRequestLandsInTheRidesZone) {
  ASSERT_OK(sees(RideMatched{"a", "rider-a", "driver-1", 1, 2}));
  ASSERT_OK(sees(ride("a")));
  const auto zones = by(By::zone_and_minute);
  ASSERT_EQ(zones.size(), 1u);
  EXPECT_EQ(zones[0].zone, zone_of(ride("a").pickup));
  EXPECT_EQ(zones[0].matched, 1);
  EXPECT_EQ(zones[0].minute, ride("a").requested_at_ms / 60'000);
}

TEST_F(AnalyticsTest, TheCoupledLaneIsCountedApart) {
  AnalyticsStep step;
  service::ChainRide down{ride("a"), RideMatched{"a", "rider-a", "driver-1", 1, 2},
                          PaymentDeclined{"a", "rider-a", "card_declined"}};
  ASSERT_OK(sees(ride("a")));
  ASSERT_OK(step.apply(down, *db_));
  EXPECT_EQ(by(By::lane).size(), 2u);
  EXPECT_EQ(db_.number("SELECT count(*) FROM counted WHERE lane='chain'"), 3);
}

TEST_F(AnalyticsTest, ReportsSurgeWhereRidesOutnumberDrivers) {
  for (const char* id : {"a", "b"}) ASSERT_OK(sees(ride(id)));
  ASSERT_OK(sees(RideMatched{"a", "rider-a", "driver-1", 1, 2}));
  http::Server server({});
  add_reports(server, db_.path());
  ASSERT_OK(server.start());
  http::Client client({"127.0.0.1", server.port()}, 5'000);
  const auto zones = client.get("/zones");
  ASSERT_OK(zones);
  EXPECT_NE(zones->body.find(R"("surge":2.0)"), std::string::npos) << zones->body;
  const auto summary = client.get("/summary");
  ASSERT_OK(summary);
  EXPECT_NE(summary->body.find(R"("requested":2)"), std::string::npos) << summary->body;
}

}  // namespace
}  // namespace hailstorm::analytics
