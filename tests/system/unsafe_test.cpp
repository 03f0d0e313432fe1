#include <chrono>

#include "services/registry/services.h"
#include "tests/support/await.h"
#include "tests/support/run_program.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 700;
constexpr double kPerSecond = 300;
constexpr int kKills = 4;

/// Freezes a service until it has work to catch up with, and thaws it until it has committed some.
void let_work_pile_up(Platform& platform, const std::string& name) {
  int64_t piled = 0;
  platform.freeze(name);
  platform.wait_until(name + " has work to catch up with", [&] {
    piled = platform.lag(name);
    return piled > 60 || !platform.are_riding();
  });
  platform.thaw(name);
  (void)await([&] { return platform.lag(name) < piled * 3 / 4; }, std::chrono::seconds(3));
}

/// Kills these services in turn while rides keep coming. Each is frozen first, so that it has work
/// to catch up with, and is killed when it has committed its first offsets; but not the gateway,
/// without which no rides come.
AuditCounts kill_at_work(Platform::Options options, uint64_t seed,
                         const std::vector<std::string>& victims) {
  std::mt19937_64 random(seed);
  Platform platform(std::move(options));
  platform.ride(kRides, kPerSecond);
  for (int i = 0; i < kKills; ++i) {
    const std::string& victim = victims[static_cast<size_t>(i) % victims.size()];
    const int64_t more = static_cast<int64_t>(20 + random() % 60);
    platform.wait_until(victim + " is at work, or there is none left", [&] {
      return platform.status(victim, "events") >= more || !platform.are_riding();
    });
    if (victim != registry::kGateway) let_work_pile_up(platform, victim);
    platform.kill(victim);
    platform.start(victim);
    platform.wait_until_ready(victim);
  }
  platform.wait_for_riders();
  platform.wait_until_settled();
  return platform.audit();
}

Platform::Options unsafe(const std::string& how, const std::vector<std::string>& services) {
  Platform::Options options;
  for (const auto& service : services) options.arguments_of[service] = {"--unsafe", how};
  return options;
}

/// The same kills without the switch, so that what was seen with it comes from nothing else.
void expect_no_damage(uint64_t seed, const std::vector<std::string>& victims) {
  const AuditCounts audit = kill_at_work({}, seed, victims);
  EXPECT_EQ(audit.settled, kRides) << audit.text;
  EXPECT_EQ(audit.lost + audit.duplicated + audit.orphaned, 0) << audit.text;
}

TEST(UnsafeTest, OffsetsCommittedBeforeTheEffectLoseRidesWhereTheRightOrderLosesNone) {
  const std::vector<std::string> victims = {"payment", "notification"};
  const uint64_t seed = seeded_random()();
  const AuditCounts audit = kill_at_work(unsafe("commit-before-effect", victims), seed, victims);
  std::cout << "lost " << audit.lost << ", orphaned " << audit.orphaned << "\n";
  EXPECT_GT(audit.lost, 0) << audit.text;
  expect_no_damage(seed, victims);
}

TEST(UnsafeTest, EventsPublishedOutsideTheTransactionAreLostWhereTheOutboxLosesNone) {
  const std::vector<std::string> victims = {"gateway", "matching", "payment"};
  const uint64_t seed = seeded_random()();
  const AuditCounts audit = kill_at_work(unsafe("no-outbox", victims), seed, victims);
  std::cout << "lost " << audit.lost << ", orphaned " << audit.orphaned << "\n";
  EXPECT_GT(audit.lost + audit.orphaned, 0) << audit.text;
  expect_no_damage(seed, victims);
}

TEST(UnsafeTest, AServiceWithoutEventsOfItsOwnRefusesToRunWithoutTheOutbox) {
  const TempFolder folder;
  const auto ended = run_program({program_folder() / "hail-notification", "--data",
                                  folder.path() / "notification", "--unsafe", "no-outbox"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("notification publishes no events"), std::string::npos) << ended.err;
}

TEST(UnsafeTest, TheLogSaysLoudlyWhatIsNotPromised) {
  Platform::Options options = unsafe("commit-before-effect,no-outbox", {"payment"});
  const Platform platform(std::move(options));
  for (const char* const text : {"offsets are committed before the effect", "the outbox is off"})
    EXPECT_NE(platform.log_of("payment").find(text), std::string::npos) << text;
  EXPECT_EQ(platform.log_of("matching").find("unsafe"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::testing
