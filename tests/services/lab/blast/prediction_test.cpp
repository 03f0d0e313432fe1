#include "services/lab/blast/prediction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> hurt_by(const std::string& target,
                                 FaultAction action = FaultAction::freeze) {
  std::vector<std::string> hurt;
  for (const auto& subject : blast_subjects()) {
    if (!is_hit(target, subject) && should_hurt(target, action, subject)) hurt.push_back(subject);
  }
  return hurt;
}

TEST(PredictionTest, AServiceHurtsTheChainAndHoldsUpSettlingButNoOtherService) {
  for (const char* service : {"matching", "payment", "notification", "analytics"}) {
    EXPECT_THAT(hurt_by(service), ElementsAre("log settling", "chain lane")) << service;
  }
}

TEST(PredictionTest, OnlyTheGatewayHurtsTheLogLane) {
  EXPECT_THAT(hurt_by("gateway"), ElementsAre("log lane", "chain lane"));
}

TEST(PredictionTest, TheBrokerHurtsEveryServiceButNeitherLanesRides) {
  EXPECT_THAT(hurt_by("broker"), UnorderedElementsAre("gateway", "matching", "payment",
                                                      "notification", "analytics", "log settling"));
}

TEST(PredictionTest, ALinkHurtsTheCallerOverIt) {
  EXPECT_THAT(hurt_by("payment:broker", FaultAction::timeout),
              ElementsAre("payment", "log settling"));
  EXPECT_THAT(hurt_by("gateway:broker", FaultAction::timeout),
              ElementsAre("gateway", "log settling"));
  EXPECT_THAT(hurt_by("matching:payment", FaultAction::latency), ElementsAre("chain lane"));
}

TEST(PredictionTest, APoisonedTopicHurtsItsReadersAndARepeatedEventNobody) {
  EXPECT_THAT(hurt_by("payment_declined", FaultAction::poison),
              ElementsAre("gateway", "matching", "notification", "analytics"));
  EXPECT_THAT(hurt_by("ride_requested", FaultAction::duplicate), IsEmpty());
  EXPECT_THAT(hurt_by("payment", FaultAction::redeliver), IsEmpty());
}

}  // namespace
}  // namespace hailstorm::lab
