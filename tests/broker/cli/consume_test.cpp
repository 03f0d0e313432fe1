#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailConsumeTest : public HailFixture {
 protected:
  HailConsumeTest() { ok({"topics", "create", "rides", "--partitions", "2"}); }

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
