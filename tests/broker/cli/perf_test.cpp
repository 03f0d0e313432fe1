#include <nlohmann/json.hpp>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailPerfTest : public HailFixture {
 protected:
  HailPerfTest() { ok({"topics", "create", "rides", "--partitions", "2"}); }

  json perf(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "perf");
    arguments.push_back("--json");
    return json::parse(ok(std::move(arguments)));
  }
  int64_t records_in_topic() {
    return json::parse(ok({"topics", "describe", "rides", "--json"}))["records"];
  }
};

TEST_F(HailPerfTest, ProducesSoManyRecordsAndConsumesThem) {
  const json produced = perf({"produce", "rides", "--records", "20000", "--size", "50"});
  EXPECT_EQ(produced["records"], 20'000) << produced;
  EXPECT_EQ(produced["bytes"], 1'000'000);
  EXPECT_EQ(produced["failed"], 0);
  EXPECT_EQ(produced["latency"]["count"], 20'000);
  EXPECT_GE(produced["latency"]["max_us"], produced["latency"]["p50_us"]);
  EXPECT_EQ(records_in_topic(), 20'000);
  EXPECT_EQ(perf({"consume", "rides"})["records"], 20'000);
  EXPECT_EQ(perf({"consume", "rides", "--records", "5"})["records"], 5);
  EXPECT_EQ(perf({"consume", "rides", "--from", "latest"})["records"], 0);
}

TEST_F(HailPerfTest, AGroupGoesOnWhereItCommitted) {
  perf({"produce", "rides", "--records", "5000"});
  EXPECT_EQ(perf({"consume", "rides", "--group", "g", "--records", "3000"})["records"], 3'000);
  EXPECT_EQ(perf({"consume", "rides", "--group", "g"})["records"], 2'000);
  EXPECT_EQ(perf({"consume", "rides", "--group", "g"})["records"], 0);
}

TEST_F(HailPerfTest, ARateIsKept) {
  const json produced = perf({"produce", "rides", "--records", "300", "--rate", "500"});
  EXPECT_EQ(produced["records"], 300);
  EXPECT_GE(produced["seconds"], 0.59);
}

TEST_F(HailPerfTest, PeopleGetPercentilesAndBars) {
  const std::string out = ok({"perf", "produce", "rides", "--records", "1000", "--acks", "1"});
  EXPECT_NE(out.find("produced 1000 records"), std::string::npos) << out;
  EXPECT_NE(out.find("p99.9 "), std::string::npos) << out;
  EXPECT_NE(out.find("###"), std::string::npos) << out;
}

TEST_F(HailPerfTest, CtrlCEndsWithTheNumbersSoFar) {
  RunningHail run(at_broker({"perf", "produce", "rides", "--records", "100000000"}));
  ASSERT_TRUE(run.says("/100000000 records")) << run.err();
  EXPECT_EQ(run.interrupt(), 0) << run.err();
  EXPECT_NE(run.out().find("produced "), std::string::npos) << run.out();
  EXPECT_NE(run.err().find("interrupted"), std::string::npos) << run.err();
}

TEST_F(HailPerfTest, CtrlCEndsAlsoWhileTheBrokerIsFrozen) {
  RunningHail run(at_broker({"perf", "produce", "rides", "--records", "100000000"}));
  ASSERT_TRUE(run.says("/100000000 records")) << run.err();
  broker_.freeze();
  EXPECT_TRUE(run.says("waits for the broker")) << run.err();
  EXPECT_EQ(run.interrupt(), 0) << run.err();
  EXPECT_NE(run.out().find("produced "), std::string::npos) << run.out();
  broker_.thaw();
}

TEST_F(HailPerfTest, FollowingSeesLiveRecordsAndTheirAge) {
  RunningHail run(at_broker({"perf", "consume", "rides", "--follow", "--records", "100"}));
  ASSERT_TRUE(run.says("lag ")) << run.err();
  perf({"produce", "rides", "--records", "100"});
  EXPECT_EQ(run.wait(), 0) << run.err();
  EXPECT_NE(run.out().find("age ("), std::string::npos) << run.out();
}

TEST_F(HailPerfTest, TheLargestSizeThatIsOfferedIsTaken) {
  perf({"produce", "rides", "--records", "3", "--size", "4193216"});
  EXPECT_EQ(records_in_topic(), 3);
}

TEST_F(HailPerfTest, ASizeAboveTheLimitIsRefusedByName) {
  const auto produce = [this](std::vector<std::string> arguments, const std::string& words) {
    arguments.insert(arguments.begin(), {"perf", "produce", "rides"});
    expect_refused(std::move(arguments), words);
  };
  produce({"--size", "2147483648"}, "from 0 to 4193216 bytes");
  produce({"--size", "4193217"}, "from 0 to 4193216 bytes");
  produce({"--records", "1000000000000"}, "more than 1.0 TiB");
  produce({"--records", "9223372036854775807"}, "--records");
  produce({"--records", "0"}, "--records");
  produce({"--batch", "16777216"}, "--batch");
  produce({"--in-flight", "100000000"}, "--in-flight");
  produce({"--acks", "2"}, "--acks");
  produce({"--rate", "-1"}, "--rate");
  expect_refused({"perf", "produce", "nowhere"}, "'nowhere' does not exist");
  expect_refused({"perf", "consume", "nowhere"}, "'nowhere' does not exist");
  expect_refused({"perf", "consume", "rides", "--records", "-1"}, "--records");
  expect_refused({"perf", "consume", "rides", "--group", "g", "--from", "7"}, "groups reset");
  EXPECT_EQ(records_in_topic(), 0);
}

}  // namespace
}  // namespace hailstorm::cli
