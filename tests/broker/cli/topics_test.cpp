#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailTopicsTest : public HailFixture {};

TEST_F(HailTopicsTest, MakesListsShowsAndDeletes) {
  EXPECT_EQ(ok({"topics", "create", "rides", "--partitions", "2", "--retention-ms", "60000"}),
            "created topic rides\n");
  const std::string listed = ok({"topics", "list"});
  EXPECT_EQ(listed.substr(0, 5), "TOPIC");
  EXPECT_NE(listed.find("\nrides "), std::string::npos) << listed;

  const json described = json::parse(ok({"--json", "topics", "describe", "rides"}));
  EXPECT_EQ(described["partitions"].size(), 2U);
  EXPECT_EQ(described["settings"]["retention_ms"], 60'000);
  EXPECT_EQ(described["settings"]["flush"], "always");

  ok({"topics", "delete", "rides"});
  expect_refused({"topics", "describe", "rides"}, "'rides' does not exist");
}

TEST_F(HailTopicsTest, TheLimitsOfTheToolAreThoseOfTheBroker) {
  ok({"topics", "create", "least", "--max-batch-bytes", "1024", "--segment-bytes", "1024"});
  ok({"topics", "create", "most", "--max-batch-bytes", "16777216"});
  expect_refused({"topics", "create", "x", "--max-batch-bytes", "1023"}, "--max-batch-bytes");
  expect_refused({"topics", "create", "x", "--max-batch-bytes", "16777217"}, "--max-batch-bytes");
  expect_refused({"topics", "create", "x", "--segment-bytes", "1023"}, "--segment-bytes");
  expect_refused({"topics", "create", "x", "--partitions", "1025"}, "--partitions");
  broker_.kill();
  broker_.start();  // checks the settings that it stored
  const json most = json::parse(ok({"--json", "topics", "describe", "most"}));
  EXPECT_EQ(most["settings"]["max_batch_bytes"], 16 << 20);
}

TEST_F(HailTopicsTest, SettingsAreChangedByTheNamesThatKafkaHasForThem) {
  ok({"topics", "create", "rides"});
  const json changed = json::parse(ok({"--json", "topics", "alter", "rides", "--set",
                                       "retention.ms=60000", "--set", "flush.messages=1"}));
  EXPECT_EQ(changed["retention.ms"]["value"], "60000");
  EXPECT_EQ(changed["retention.ms"]["is_default"], false);
  broker_.kill();
  broker_.start();
  const json described = json::parse(ok({"--json", "topics", "describe", "rides"}));
  EXPECT_EQ(described["settings"]["retention_ms"], 60'000);
  const json reset =
      json::parse(ok({"--json", "topics", "alter", "rides", "--reset", "retention.ms"}));
  EXPECT_EQ(reset["retention.ms"]["value"], "-1");
  EXPECT_EQ(reset["retention.ms"]["is_default"], true);
  EXPECT_EQ(reset["flush.messages"]["is_default"], false);
  expect_refused({"topics", "alter", "rides", "--set", "retention.ms=soon"}, "a whole number");
  expect_refused({"topics", "alter", "rides", "--set", "no.such=1"}, "'no.such'");
  expect_refused({"topics", "alter", "nowhere", "--set", "retention.ms=1"}, "'nowhere'");
}

TEST_F(HailTopicsTest, DeletesTheOldestRecordsOfAPartition) {
  ok({"topics", "create", "rides", "--partitions", "1"});
  ok({"produce", "rides"}, "one\ntwo\nthree\n");
  EXPECT_EQ(ok({"topics", "delete-records", "rides", "--before", "2"}),
            "rides-0 begins at offset 2\n");
  broker_.kill();
  broker_.start();
  const std::string left = ok({"consume", "rides"});
  EXPECT_NE(left.find("three"), std::string::npos) << left;
  EXPECT_EQ(left.find("two"), std::string::npos) << left;
  expect_refused({"topics", "delete-records", "rides", "--before", "4"}, "offset 4");
  expect_refused({"topics", "delete-records", "rides", "--partition", "1"}, "partition 1");
  const json all = json::parse(ok({"--json", "topics", "delete-records", "rides"}));
  EXPECT_EQ(all["log_start_offset"], 3);
}

TEST_F(HailTopicsTest, BadUsageIsOneLine) {
  ok({"topics", "create", "rides"});
  expect_refused({"topics", "create", "rides"}, "exists already");
  expect_refused({"topics", "create", "x", "--flush", "never"}, "--flush");
  expect_refused({"topics", "create", "x", "--partitions", "0"}, "--partitions");
  expect_refused({"topics", "create", "x", "--bogus"}, "--bogus");
  expect_refused({"topics", "delete", "nowhere"}, "'nowhere' does not exist");
  expect_refused({"topics"}, "subcommand");
  expect_refused({"frobnicate"}, "frobnicate");
  expect_refused({"topics", "frobnicate"}, "frobnicate");
  expect_refused({"topics", "create", "--bogus"}, "--bogus");
}

TEST(HailTest, AnUnreachableBrokerIsReportedSoonAndClearly) {
  const auto began = std::chrono::steady_clock::now();
  const auto result = run_hail({"topics", "list", "--broker",
                                "hailstorm://127.0.0.1:" + std::to_string(testing::free_port())});
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("cannot reach the broker"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("hail-broker"), std::string::npos) << result.err;
}

TEST(HailTest, AnInvalidAddressIsRefused) {
  const auto result = run_hail({"topics", "list", "--broker", "nonsense"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("nonsense"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace hailstorm::cli
