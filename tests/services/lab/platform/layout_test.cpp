#include "services/lab/platform/layout.h"

#include <algorithm>

#include "common/http/server.h"
#include "services/lab/platform/errors.h"
#include "services/lab/platform/ports.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

/// The value that follows `flag`, or "".
std::string value_of(const ProcessPlan& plan, const std::string& flag) {
  const auto found = std::find(plan.argv.begin(), plan.argv.end(), flag);
  return found == plan.argv.end() ? "" : *std::next(found);
}

TEST(LayoutTest, EachProcessHasItsPortItsFolderAndItsNextHop) {
  const auto plans = plan_of({"/bin", "/data", 9000, 7, ""});
  ASSERT_EQ(plans.size(), 6U);
  EXPECT_EQ(plans[0].name, "broker");
  EXPECT_EQ(value_of(plans[0], "--port"), "9000");
  EXPECT_EQ(value_of(plans[0], "--http-port"), "9001");
  EXPECT_EQ(value_of(plans[0], "--kafka-port"), "9009");
  EXPECT_EQ(plans[1].name, "gateway");
  EXPECT_EQ(plans[1].http_port, 9002);
  EXPECT_EQ(value_of(plans[1], "--next"), "http://{matching}");
  EXPECT_EQ(plans[1].links,
            (LinkServers{{"broker", "127.0.0.1:9000"}, {"matching", "127.0.0.1:9003"}}));
  EXPECT_EQ(plans[2].name, "matching");
  EXPECT_EQ(value_of(plans[2], "--data"), "/data/matching");
  EXPECT_EQ(value_of(plans[2], "--broker"), "hailstorm://{broker}");
  EXPECT_EQ(value_of(plans[2], "--seed"), "7");
  EXPECT_EQ(value_of(plans[2], "--pickups"), "");
  EXPECT_EQ(plans[5].name, "analytics");
  EXPECT_EQ(plans[5].http_port, 9006);
  EXPECT_EQ(value_of(plans[5], "--next"), "");
}

TEST(LayoutTest, WithoutLinksTheProcessesAreConnectedDirectly) {
  PlatformSettings settings{"/bin", "/data", 9000, 7, ""};
  settings.with_links = false;
  const auto plans = plan_of(settings);
  EXPECT_EQ(value_of(plans[1], "--next"), "http://127.0.0.1:9003");
  EXPECT_EQ(value_of(plans[1], "--broker"), "hailstorm://127.0.0.1:9000");
  EXPECT_TRUE(plans[1].links.empty());
}

TEST(LayoutTest, FleetIsSeededAroundTheTripsOfTheFile) {
  const auto plans = plan_of({"/bin", "/data", 9000, 7, "/trips.csv"});
  EXPECT_EQ(value_of(plans[2], "--pickups"), "/trips.csv");
}

TEST(LayoutTest, InContainersEachProcessIsOnTheHostOfItsName) {
  PlatformSettings settings{"/bin", "/data", 7400, 1, ""};
  EXPECT_EQ(plan_of(settings)[3].host, "127.0.0.1");
  settings.agent_tokens = "/run/agents";
  EXPECT_EQ(plan_of(settings)[3].host, "payment");
  EXPECT_EQ(gateway_url(settings), "http://gateway:7402");
  EXPECT_EQ(broker_url(settings), "hailstorm://broker:7400");
}

TEST(PortsTest, PortInUseIsNamedWithItsOwner) {
  http::Server server({});
  ASSERT_OK(server.start());
  const auto checked =
      check_ports(server.port() - registry::service(registry::kGateway).port_offset);
  EXPECT_FAILS_WITH(checked, PlatformErrc::port_in_use);
  EXPECT_NE(checked.error().message().find("--base-port"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::lab
