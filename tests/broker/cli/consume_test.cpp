#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/log/log.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/broker/cli/terminal.h"
#include "tests/support/matchers.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailConsumeTest : public HailFixture {
 protected:
  HailConsumeTest() { ok({"topics", "create", "rides", "--partitions", "2"}); }

  void send(const log::Record& record) {
    auto engine = log::open(broker_.url());
    ASSERT_OK(engine);
    const auto producer = (*engine)->make_producer();
    const auto done = [](const auto& delivery) { EXPECT_OK(delivery); };
    ASSERT_OK(producer->send("rides", record, done));
    ASSERT_OK(producer->flush(10'000));
  }

  /// The values that a consume printed, sorted.
  std::vector<std::string> consume(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"consume", "rides", "--json"});
    std::istringstream lines(ok(std::move(arguments)));
    std::vector<std::string> values;
    for (std::string line; std::getline(lines, line);) values.push_back(json::parse(line)["value"]);
    std::sort(values.begin(), values.end());
    return values;
  }
};

TEST_F(HailConsumeTest, ReadsWhatWasProducedToTheEnd) {
  const std::string said = ok({"produce", "rides"}, "a\nb\nc\n");
  EXPECT_EQ(said.substr(0, 24), "3 records written to rid") << said;
  EXPECT_EQ(consume({}), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(consume({"--max", "2"}).size(), 2U);
  EXPECT_TRUE(consume({"--from", "latest"}).empty());
}

TEST_F(HailConsumeTest, PrintsColumnsForPeople) {
  ok({"produce", "rides", "--key", "rider-1"}, "one\n");
  const std::string out = ok({"consume", "rides"});
  EXPECT_NE(out.find("PARTITION"), std::string::npos) << out;
  EXPECT_NE(out.find("rider-1"), std::string::npos) << out;
  EXPECT_NE(out.find("one"), std::string::npos) << out;
}

TEST_F(HailConsumeTest, LinesShowCompactJsonHeadersAndNull) {
  send({"rider-1", R"({ "zone" : 7 })", {{"ce_type", "ride_requested"}}});
  send({std::nullopt, std::nullopt, {}});
  const std::string out = ok({"consume", "rides"});
  EXPECT_NE(out.find(R"(rider-1               {"zone":7}  ce_type=ride_requested)"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("(null)                (null)\n"), std::string::npos) << out;
}

TEST_F(HailConsumeTest, ATerminalGetsBlocksWithPrettyJsonAndCtrlCEndsCleanly) {
  send({"rider-1", R"({"zone":7})", {{"ce_type", "ride_requested"}}});
  send({"rider-2", std::string("\x00\xff", 2), {}});
  Terminal terminal;
  RunningHail hail(at_broker({"consume", "rides", "--follow"}), terminal.name());
  terminal.read_until("00 ff ");
  EXPECT_NE(terminal.text().find("key rider-1\r\n"
                                 "  ce_type: ride_requested\r\n"
                                 "  {\r\n"
                                 "    \"zone\": 7\r\n"
                                 "  }\r\n"),
            std::string::npos)
      << terminal.text();
  send({"rider-3", "late", {}});
  terminal.read_until("late");
  EXPECT_EQ(hail.interrupt(), 0);
  EXPECT_EQ(hail.err(), "");
}

TEST_F(HailConsumeTest, ReadsFromAnOffsetAndFromATime) {
  ok({"produce", "rides", "--key", "k"}, "a\nb\nc\n");
  EXPECT_EQ(consume({"--from", "1"}), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(consume({"--from", "2014-04-01T00:11:00Z"}).size(), 3U);
  EXPECT_TRUE(consume({"--from", "2100-01-01T00:00:00Z"}).empty());
}

TEST_F(HailConsumeTest, AGroupGoesOnWhereItCommitted) {
  ok({"produce", "rides"}, "a\nb\nc\n");
  EXPECT_EQ(consume({"--group", "g"}).size(), 3U);
  EXPECT_TRUE(consume({"--group", "g"}).empty());
  ok({"produce", "rides"}, "d\n");
  EXPECT_EQ(consume({"--group", "g"}), (std::vector<std::string>{"d"}));
}

TEST_F(HailConsumeTest, AGroupCommitsNoMoreThanItPrinted) {
  ok({"produce", "rides", "--key", "k"}, "a\nb\nc\n");
  EXPECT_EQ(consume({"--group", "g", "--max", "1"}), (std::vector<std::string>{"a"}));
  EXPECT_EQ(consume({"--group", "g"}), (std::vector<std::string>{"b", "c"}));
}

// What a full disk did not take was not printed.
TEST_F(HailConsumeTest, RecordsThatCannotBePrintedAreNotCommitted) {
  ok({"produce", "rides"}, "a\nb\nc\n");
  RunningHail run(at_broker({"consume", "rides", "--group", "g"}), "/dev/full");
  EXPECT_EQ(run.wait(), 1);
  EXPECT_EQ(run.err(), "hail: cannot write to standard output\n");
  EXPECT_EQ(consume({"--group", "g"}), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(HailConsumeTest, BadUsageIsOneLine) {
  expect_refused({"consume", "nowhere"}, "'nowhere' does not exist");
  expect_refused({"produce", "nowhere"}, "'nowhere' does not exist");
  expect_refused({"consume", "rides", "--from", "yesterday"}, "'yesterday'");
  expect_refused({"consume", "rides", "--max", "-1"}, "--max");
  expect_refused({"consume", "rides", "--group", "g", "--from", "7"}, "groups reset");
}

// Invariant 2.
TEST_F(HailConsumeTest, WhatWasAcknowledgedSurvivesAKillOfTheBroker) {
  ok({"produce", "rides"}, "a\nb\nc\n");
  broker_.kill();
  broker_.start();
  EXPECT_EQ(consume({}), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace hailstorm::cli
