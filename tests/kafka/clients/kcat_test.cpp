#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/free_ports.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

/// kcat, and with it librdkafka, as a client of a real broker.
namespace hailstorm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kKcat = "/usr/bin/kcat";

/// One record as kcat prints it.
struct Printed {
  int partition = -1;
  int64_t offset = -1;
  std::string key;
  std::string value;
  friend auto operator<=>(const Printed&, const Printed&) = default;
};

std::vector<Printed> records_in(const std::string& text) {
  std::vector<Printed> records;
  std::istringstream lines(text);
  Printed one;
  while (lines >> one.partition >> one.offset >> one.key >> one.value) records.push_back(one);
  return records;
}

class KcatTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kKcat)) GTEST_SKIP() << "kcat is not installed (apt: kcat)";
  }

  std::vector<std::string> kcat(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {kKcat, "-b", fmt::format("127.0.0.1:{}", kafka_port_)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }
  std::string run(const std::vector<std::string>& arguments, const std::string& input = "") const {
    const auto result = run_program(kcat(arguments), input);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  /// Records with 20 keys; their values are the numbers from `first` on.
  void produce(int first, int count) const {
    std::string lines;
    for (int i = first; i < first + count; ++i) lines += fmt::format("k{}:{}\n", i % 20, i);
    static_cast<void>(
        run({"-P", "-t", "rides", "-K", ":", "-X", "partitioner=murmur2_random"}, lines));
  }
  std::vector<Printed> consume_all() const {
    return records_in(run({"-C", "-t", "rides", "-e", "-q", "-f", kFormat}));
  }
  void create_topic(int partitions) const {
    const auto made =
        run_program({program_folder() / "hail", "topics", "create", "rides", "--partitions",
                     std::to_string(partitions), "--broker", broker_.url()});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  static constexpr const char* kFormat = "%p %o %k %s\n";
  const int kafka_port_ = free_port();
  BrokerProcess broker_{{"--kafka-port", std::to_string(kafka_port_)}};
};

TEST_F(KcatTest, ListsTheBrokerAndItsTopics) {
  create_topic(3);
  const auto listed = nlohmann::json::parse(run({"-L", "-J"}));
  EXPECT_EQ(listed["brokers"].size(), 1u);
  EXPECT_EQ(listed["brokers"][0]["name"], fmt::format("127.0.0.1:{}", kafka_port_));
  ASSERT_EQ(listed["topics"].size(), 2u) << listed.dump();
  EXPECT_EQ(listed["topics"][1]["topic"], "rides");
  EXPECT_EQ(listed["topics"][1]["partitions"].size(), 3u);
}

TEST_F(KcatTest, ReadsWhatItWroteInTheOrderOfEachKey) {
  produce(0, 1'000);
  const auto records = consume_all();
  EXPECT_EQ(records.size(), 1'000u);
  std::map<std::string, int> last;  // by key
  std::map<std::string, std::set<int>> partitions;
  for (const auto& record : records) {
    const int value = std::stoi(record.value);
    const auto before = last.find(record.key);
    EXPECT_TRUE(before == last.end() || before->second < value) << record.key;
    last[record.key] = value;
    partitions[record.key].insert(record.partition);
  }
  EXPECT_EQ(last.size(), 20u);
  for (const auto& [key, of_key] : partitions) EXPECT_EQ(of_key.size(), 1u) << key;
}

TEST_F(KcatTest, WhatOneProtocolWroteTheOtherReadsAndKeysGoToTheSamePartitions) {
  create_topic(4);
  produce(0, 20);
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += fmt::format("k{}:again\n", i);
  const auto written = run_program({program_folder() / "hail", "produce", "rides",
                                    "--key-separator", ":", "--broker", broker_.url()},
                                   lines);
  ASSERT_EQ(written.exit_code, 0) << written.err;
  std::map<std::string, std::set<int>> partitions;
  const auto records = consume_all();
  EXPECT_EQ(records.size(), 40u);
  for (const auto& record : records) partitions[record.key].insert(record.partition);
  EXPECT_EQ(partitions.size(), 20u);
  for (const auto& [key, of_key] : partitions) EXPECT_EQ(of_key.size(), 1u) << key;
}

TEST_F(KcatTest, FindsOffsetsByTime) {
  create_topic(1);
  produce(0, 10);
  const auto offset = [this](const std::string& at) { return run({"-Q", "-t", "rides:0:" + at}); };
  EXPECT_THAT(offset("-1"), HasSubstr("offset 10"));
  EXPECT_THAT(offset("-2"), HasSubstr("offset 0"));
  EXPECT_THAT(offset("1000"), HasSubstr("offset 0"));
  EXPECT_THAT(offset("4000000000000"), HasSubstr("offset -1")) << "no record is that young";
}

// Invariant 84. librdkafka meets batches without records, and must not stay before one.
TEST_F(KcatTest, ReadsACompactedTopicToItsEnd) {
  create_topic(1);
  const auto altered =
      run_program({program_folder() / "hail", "topics", "alter", "rides", "--set",
                   "cleanup.policy=compact", "--set", "min.cleanable.dirty.ratio=0", "--set",
                   "segment.bytes=2048", "--broker", broker_.url()});
  ASSERT_EQ(altered.exit_code, 0) << altered.err;
  std::string lines;
  for (int i = 0; i < 2'000; ++i) lines += fmt::format("k{}:{}\n", i % 20, i);
  static_cast<void>(run({"-P", "-t", "rides", "-K", ":", "-X", "batch.num.messages=10"}, lines));
  std::vector<Printed> records;
  ASSERT_TRUE(await([&] {
    records = consume_all();
    return records.size() < 200;
  }));
  std::map<std::string, std::string> last;
  for (const auto& record : records) last[record.key] = record.value;
  ASSERT_EQ(last.size(), 20u);
  for (int key = 0; key < 20; ++key)
    EXPECT_EQ(last[fmt::format("k{}", key)], std::to_string(1'980 + key));
  const auto ours = run_program(
      {program_folder() / "hail", "consume", "rides", "--json", "--broker", broker_.url()});
  EXPECT_EQ(ours.exit_code, 0) << ours.err;
  EXPECT_GE(std::count(ours.out.begin(), ours.out.end(), '\n'), 20);
  ASSERT_EQ(broker_.stop(), 0);
  const auto verified = run_program({program_folder() / "hail", "verify", broker_.data()});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
}

TEST_F(KcatTest, AGroupOfThreeReadsAllAlsoWhenOneIsKilled) {
  create_topic(6);
  produce(0, 600);
  const TempFolder folder;
  std::vector<Child> members;
  std::vector<std::string> outputs;
  for (int i = 0; i < 3; ++i) {
    outputs.push_back((folder.path() / std::to_string(i)).string());
    members.emplace_back(
        kcat({"-G", "g", "-u", "-q", "-o", "beginning", "-f", kFormat, "-X",
              "auto.offset.reset=earliest", "-X", "session.timeout.ms=2000", "-X",
              "heartbeat.interval.ms=300", "-X", "auto.commit.interval.ms=300", "rides"}),
        Streams{.in = {}, .out = outputs.back(), .err = {}});
  }
  const auto seen = [&] {
    std::set<std::string> values;
    for (const auto& output : outputs) {
      for (const auto& record : records_in(read_text(output))) values.insert(record.value);
    }
    return values.size();
  };
  ASSERT_TRUE(await([&] { return seen() == 600; }));
  // All three have a share now: each reads some of what comes.
  ASSERT_TRUE(await([&] {
    produce(0, 60);
    return std::ranges::all_of(outputs,
                               [](const auto& output) { return !read_text(output).empty(); });
  }));
  members[1].kill();
  produce(600, 600);
  EXPECT_TRUE(await([&] { return seen() == 1'200; }));
}

}  // namespace
}  // namespace hailstorm::testing
