#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 3'000;
constexpr double kPerSecond = 250;
constexpr int kKills = 30;

/// Kills random processes while rides keep coming, about as often as the rides last.
void storm(Platform& platform, std::mt19937_64& random, const std::vector<std::string>& victims) {
  platform.ride(kRides, kPerSecond);
  for (int i = 0; i < kKills; ++i) {
    const std::string victim = victims[random() % victims.size()];
    platform.kill(victim);
    platform.start(victim);
    // The next blow falls once this one has come back to work, so that it meets a ride half done.
    platform.wait_until_ready(victim);
    const int64_t more = static_cast<int64_t>(random() % 100);
    if (victim == "broker" || victim == "gateway") continue;
    platform.wait_until(victim + " is back at work, or there is none left", [&] {
      return platform.status(victim, "events") >= more ||
             (!platform.are_riding() && platform.lag(victim) == 0);
    });
  }
  platform.wait_for_riders();
  platform.wait_until_settled();
}

TEST(StormTest, ThirtyKillsLoseNothing) {
  auto random = seeded_random();
  Platform platform;
  storm(platform, random, platform.names());
  expect_all_settled(platform, kRides);
}

// The guard's own test: without the inbox the same storm must do damage, and the audit must see it.
TEST(StormTest, WithoutTheInboxTheSameStormShowsDuplicates) {
  auto random = seeded_random();
  Platform::Options options;
  options.service_arguments = {"--unsafe", "no-inbox"};
  Platform platform(options);
  EXPECT_NE(platform.log_of("payment").find("the inbox is off"), std::string::npos);
  storm(platform, random, platform.names());
  const AuditCounts audit = platform.audit();
  EXPECT_GT(audit.duplicated, 0) << audit.text;
}

}  // namespace
}  // namespace hailstorm::testing
