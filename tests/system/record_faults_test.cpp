#include "services/lab/faults/records/record_faults.h"

#include "services/lab/faults/fault_board.h"
#include "tests/support/matchers.h"
#include "tests/system/events_skipped.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 200;
constexpr double kPerSecond = 400;

/// Faults of records for real services, one after the other on one platform.
TEST(RecordFaultsTest, EachIsProvenOnGoesPastAllServicesAndChangesNoRide) {
  Platform platform;
  const SystemClock clock;
  lab::FaultBoard board({lab::record_fault_maker(platform.broker_url())}, clock);
  platform.ride(kRides, kPerSecond);
  platform.wait_for_riders();
  platform.wait_until_settled();
  const auto run = [&](lab::FaultAction action, const std::string& target, json::Value attributes) {
    lab::FaultRequest request;
    request.action = action;
    request.target = target;
    request.attributes = std::move(attributes);
    request.duration_ms = 50;
    const auto state = board.ask(request);
    ASSERT_OK(state);
    EXPECT_EQ(state->phase, lab::FaultPhase::proven) << state->evidence;
    platform.wait_until(state->request.id + " is over", [&] {
      return board.find(state->request.id)->phase == lab::FaultPhase::proven_off;
    });
  };
  run(lab::FaultAction::poison, "ride_requested", {{"kind", "undecodable"}});
  run(lab::FaultAction::poison, "payment_authorized", {{"kind", "impossible"}});
  const int64_t skipped = events_skipped(platform, "payment");
  run(lab::FaultAction::redeliver, "payment", {{"last_s", 600}});
  EXPECT_GE(events_skipped(platform, "payment"), skipped + kRides);
  run(lab::FaultAction::duplicate, "ride_requested", {{"last_s", 600}});
  EXPECT_GE(events_skipped(platform, "payment"), skipped + 2 * kRides);
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
}

}  // namespace
}  // namespace hailstorm::testing
