#include "services/registry/services.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 500;
constexpr double kPerSecond = 250;
constexpr int64_t kMidStream = 100;

const std::vector<std::string> kServices = registry::reacting_names();

class ServiceTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ServiceTest, KilledMidStreamLosesNothing) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events(GetParam(), kMidStream);
  platform.kill(GetParam());
  platform.start(GetParam());
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

INSTANTIATE_TEST_SUITE_P(Each, ServiceTest, ::testing::ValuesIn(kServices),
                         [](const auto& service) { return service.param; });

TEST(GatewayTest, KilledMidStreamKeepsEveryAcceptedRide) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("matching", kMidStream);
  platform.kill("gateway");
  platform.start("gateway");
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

TEST(BrokerTest, KilledMidStreamLosesNothing) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("analytics", kMidStream);
  platform.kill("broker");
  // Riders are accepted while there is no log to write to.
  platform.wait_until("rides wait in the gateway's outbox",
                      [&] { return platform.status("gateway", "outbox") > 20; });
  platform.start("broker");
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

TEST(PlatformTest, EverythingKilledAtOnceLosesNothing) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("notification", kMidStream);
  for (const auto& name : platform.names()) platform.kill(name);
  for (const auto& name : platform.names()) platform.start(name);
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

TEST(PlatformTest, StopsCleanlyAndGoesOnWhereItWas) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("payment", kMidStream);
  for (const auto& name : {"matching", "payment", "notification", "analytics", "broker"}) {
    EXPECT_EQ(platform.stop(name), 0) << name << "\n" << platform.log_of(name);
    platform.start(name);
  }
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

}  // namespace
}  // namespace hailstorm::testing
