#include "services/registry/dependencies.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/services.h"

namespace hailstorm::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSubsetOf;
using ::testing::Not;

std::vector<std::string> link_names() {
  std::vector<std::string> all;
  for (const auto& one : links()) all.push_back(one.name());
  return all;
}

TEST(DependenciesTest, EachServiceHasALinkToTheBrokerAndToItsNextHop) {
  const auto all = link_names();
  for (const auto& service : names()) EXPECT_THAT(all, Contains(service + ":broker"));
  EXPECT_THAT(all, Contains("gateway:matching"));
  EXPECT_THAT(all, Contains("notification:analytics"));
  EXPECT_THAT(all, Not(Contains("analytics:gateway")));
}

TEST(DependenciesTest, AReaderOfAServicesEventsReadsFromIt) {
  EXPECT_TRUE(reads_from("payment", "matching")) << "ride_unmatched";
  EXPECT_TRUE(reads_from("matching", "payment")) << "payment_declined";
  EXPECT_TRUE(reads_from("notification", "gateway"));
  EXPECT_FALSE(reads_from("payment", "notification"));
  EXPECT_FALSE(reads_from("matching", "analytics"));
}

TEST(DependenciesTest, TheFiveServicesAreOnTheChain) {
  for (const char* name : {"gateway", "matching", "payment", "notification", "analytics"}) {
    EXPECT_TRUE(is_on_chain(name)) << name;
  }
  EXPECT_FALSE(is_on_chain(kBroker));
}

TEST(DependenciesTest, EveryEventThatIsReadIsPublishedAndOneThatSettlesIsRead) {
  for (const auto& one : services()) {
    EXPECT_THAT(one.reads, IsSubsetOf(topics())) << one.name;
    EXPECT_THAT(one.settling_events, IsSubsetOf(one.reads)) << one.name;
  }
  EXPECT_THAT(topics(), ElementsAre("payment_authorized", "payment_declined", "ride_matched",
                                    "ride_requested", "ride_unmatched"));
}

}  // namespace
}  // namespace hailstorm::registry
