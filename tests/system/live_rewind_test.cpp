#include <numeric>

#include "common/json/json.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/system/events_skipped.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 200;
constexpr double kPerSecond = 400;

/// What `hail groups reset GROUP --live …` prints.
json::Value reset(const Platform& platform, std::vector<std::string> how) {
  std::vector<std::string> command = {program_folder() / "hail",
                                      "--broker",
                                      platform.broker_url(),
                                      "groups",
                                      "reset",
                                      "payment",
                                      "--live",
                                      "--json"};
  command.insert(command.end(), how.begin(), how.end());
  const auto result = run_program(command);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto document = json::parse(result.out);
  EXPECT_OK(document);
  return document.ok() ? *document : json::Value::object();
}

int64_t number_in(const json::Value& document, const char* name) {
  const auto* found = document.find(name);
  return found == nullptr ? -1 : found->integer().value_or(-1);
}

/// A platform whose rides are all settled.
class LiveRewindTest : public ::testing::Test {
 protected:
  LiveRewindTest() {
    platform_.ride(kRides, kPerSecond);
    platform_.wait_for_riders();
    platform_.wait_until_settled();
  }
  /// The whole of what a rewind promises: the service gets what was previewed again, skips all of
  /// it, and nothing else is different.
  void expect_skipped(int64_t previewed, int64_t skipped_before) {
    platform_.wait_until("payment has skipped what came again", [&] {
      return events_skipped(platform_, "payment") >= skipped_before + previewed;
    });
    platform_.wait_until_settled();
    EXPECT_EQ(events_skipped(platform_, "payment"), skipped_before + previewed);
    expect_all_settled(platform_, kRides);
  }

  Platform platform_;
};

TEST_F(LiveRewindTest, RedeliversWhatWasPreviewedAndTheInboxSkipsIt) {
  const std::string audit_before = platform_.audit().text;
  const int64_t skipped = events_skipped(platform_, "payment");
  const auto preview = reset(platform_, {"--to", "earliest", "--preview"});
  EXPECT_GE(number_in(preview, "records"), kRides);
  EXPECT_EQ(number_in(preview, "rides"), kRides);
  EXPECT_EQ(number_in(preview, "effects"), 0);
  const auto applied = reset(platform_, {"--to", "earliest"});
  for (const char* same : {"records", "rides", "skipped"})
    EXPECT_EQ(number_in(applied, same), number_in(preview, same)) << same;
  expect_skipped(number_in(preview, "records"), skipped);
  EXPECT_EQ(platform_.audit().text, audit_before);
}

TEST_F(LiveRewindTest, AServiceThatIsFrozenMeanwhileGoesOnFromThereWhenItWakes) {
  const int64_t skipped = events_skipped(platform_, "payment");
  platform_.freeze("payment");
  const auto applied = reset(platform_, {"--to", "earliest"});
  platform_.thaw("payment");
  expect_skipped(number_in(applied, "records"), skipped);
}

TEST_F(LiveRewindTest, BesideRidersAndAKilledBrokerNothingIsLostOrDoneTwice) {
  platform_.ride(kRides, kPerSecond);
  platform_.wait_until("some of them came",
                       [&] { return platform_.status("payment", "events") > kRides; });
  (void)reset(platform_, {"--to", "earliest"});
  platform_.kill("broker");
  platform_.start("broker");
  platform_.wait_until_ready("broker");
  platform_.kill("payment");
  platform_.start("payment");
  platform_.wait_for_riders();
  platform_.wait_until_settled();
  expect_all_settled(platform_, 2 * kRides);
}

}  // namespace
}  // namespace hailstorm::testing
