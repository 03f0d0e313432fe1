#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 500;
constexpr double kPerSecond = 250;
constexpr int64_t kMidStream = 100;

TEST(PaymentTest, FrozenPastItsSessionIsReplacedAndFencedWhenItThaws) {
  Platform platform;
  platform.start_instance("payment", "payment-2");
  platform.wait_until_ready("payment-2");
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("payment", kMidStream);
  platform.freeze("payment");
  // The other one reads all partitions, once the frozen one's session is over.
  platform.wait_for_riders();
  platform.wait_until("payment-2 has read everything",
                      [&] { return platform.lag("payment") == 0; });
  platform.thaw("payment");
  platform.wait_until("the zombie was fenced", [&] {
    return platform.log_of("payment").find("fenced") != std::string::npos ||
           platform.log_of("payment").find("taken for gone") != std::string::npos;
  });
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

// Invariant 35: the older of the two waits, says so, and comes back without a hand.
TEST(PaymentTest, WhoseInstanceIdWasTakenForAMomentComesBack) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("payment", kMidStream);
  platform.start_copy("payment", "payment-copy");
  platform.wait_until_ready("payment-copy");
  platform.wait_until("the first one waits", [&] {
    return platform.log_of("payment").find("is another process now") != std::string::npos;
  });
  platform.kill("payment-copy");
  platform.wait_until_ready("payment");
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

TEST(PaymentTest, OfTwoInstancesOneKilledLosesNothing) {
  Platform platform;
  platform.start_instance("payment", "payment-2");
  platform.wait_until_ready("payment-2");
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("payment", kMidStream / 2);
  platform.wait_for_events("payment-2", kMidStream / 2);
  platform.kill("payment-2");
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

TEST(GroupTest, ResetToEarliestAndReplayedChangesNoEffect) {
  Platform platform;
  platform.ride(200, kPerSecond);
  platform.wait_for_riders();
  platform.wait_until_settled();
  const int64_t payments = platform.number("payment", "SELECT count(*) FROM payments");
  const int64_t entries = platform.number("payment", "SELECT count(*) FROM ledger");
  EXPECT_EQ(platform.stop("payment"), 0);

  const auto admin = platform.log().make_admin();
  std::vector<log::Position> earliest;
  for (const auto& partition : admin->describe_group("payment").value().partitions) {
    earliest.push_back({partition.id, partition.log_start_offset});
  }
  platform.wait_until("the group is empty",
                      [&] { return admin->reset_offsets("payment", earliest).ok(); });
  EXPECT_GE(platform.lag("payment"), 200);

  platform.start("payment");
  platform.wait_until_settled();
  EXPECT_EQ(platform.number("payment", "SELECT count(*) FROM payments"), payments);
  EXPECT_EQ(platform.number("payment", "SELECT count(*) FROM ledger"), entries);
  expect_all_settled(platform, 200);
}

}  // namespace
}  // namespace hailstorm::testing
