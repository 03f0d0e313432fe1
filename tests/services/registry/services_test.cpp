#include "services/registry/services.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace hailstorm::registry {
namespace {

using ::testing::ElementsAre;

TEST(RegistryTest, NoTwoListenersHaveTheSamePort) {
  std::set<int> offsets;
  for (const auto& port : platform_ports()) {
    EXPECT_TRUE(offsets.insert(port.offset).second)
        << port.owner << " has the port of another: choose a port_offset that is free";
  }
}

TEST(RegistryTest, EachServiceIsListedOnce) {
  const auto all = names();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(reacting_names().size(), all.size() - 1);
}

TEST(RegistryTest, TheChainLeadsFromTheGatewayToItsLastHop) {
  std::vector<std::string> hops;
  for (std::string next(kGateway); !next.empty(); next = service(next).next_hop) {
    ASSERT_LE(hops.size(), services().size()) << "the chain leads back to " << next;
    hops.push_back(next);
  }
  EXPECT_THAT(hops, ElementsAre("gateway", "matching", "payment", "notification", "analytics"));
}

TEST(RegistryTest, PortsAreListedWithTheirOwnersFromTheLowestOn) {
  const auto ports = platform_ports();
  EXPECT_TRUE(std::is_sorted(ports.begin(), ports.end(),
                             [](const auto& a, const auto& b) { return a.offset < b.offset; }));
  EXPECT_EQ(ports.at(0).owner, "the broker");
  EXPECT_EQ(ports.at(2).owner, "the gateway");
  EXPECT_EQ(service("payment").default_port(), 7404);
}

}  // namespace
}  // namespace hailstorm::registry
