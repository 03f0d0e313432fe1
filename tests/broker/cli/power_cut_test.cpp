#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/json/json.h"
#include "common/log/log.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/matchers.h"

namespace hailstorm::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A broker with a record of its syncs, of which none covers the records of the topic.
struct PowerCutCommandTest : ::testing::Test {
  PowerCutCommandTest() {
    const auto engine = *log::open(broker.url());
    log::TopicSettings settings;
    settings.partitions = 1;
    settings.flush_always = false;
    settings.flush_interval_ms = 600'000;
    EXPECT_OK(engine->make_admin()->create_topic("rides", settings));
    std::string lines;
    for (int i = 0; i < 2'000; ++i) lines += "a ride, and some words about it\n";
    EXPECT_EQ(run_hail({"produce", "rides", "--broker", broker.url()}, lines).exit_code, 0);
  }
  [[nodiscard]] testing::ProgramResult cut(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"power-cut", "--record", record, "--data", broker.data()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_hail(arguments);
  }
  static void expect_refused(const testing::ProgramResult& result, const std::string& words) {
    EXPECT_EQ(result.exit_code, 2) << result.out;
    EXPECT_THAT(result.err, HasSubstr(words));
  }

  const testing::TempFolder folder;
  const std::string record = folder.path() / "record";
  testing::BrokerProcess broker{{"--sync-record", record}};
  const fs::path segment = broker.data() / "rides-0" / "00000000000000000000.log";
};

TEST_F(PowerCutCommandTest, WhatNoSyncCoveredIsCutAndTheLengthsSaySo) {
  broker.kill();
  const uint64_t before = fs::file_size(segment);
  const auto result = cut({"--seed", "7", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto report = *json::parse(result.out);
  bool is_listed = false;
  for (const auto& file : *report.find("files")->elements()) {
    const fs::path path = broker.data() / *file.find("file")->text();
    const auto after = static_cast<uint64_t>(*file.find("after_bytes")->integer());
    if (fs::exists(path)) {
      EXPECT_EQ(fs::file_size(path), after) << path;
    }
    EXPECT_EQ(fs::exists(path), !*file.find("is_gone")->boolean()) << path;
    is_listed = is_listed || path == segment;
    if (path == segment) {
      EXPECT_EQ(*file.find("before_bytes")->integer(), static_cast<int64_t>(before));
    }
  }
  EXPECT_TRUE(is_listed) << result.out;
  EXPECT_FALSE(fs::exists(record));
  broker.start();  // and its recovery goes on with what is left
}

TEST_F(PowerCutCommandTest, TheSameSeedLosesTheSameAndAnotherSomethingElse) {
  broker.kill();
  const fs::path kept = folder.path() / "kept";
  fs::create_directory(kept);
  fs::copy(broker.data(), kept / "data", fs::copy_options::recursive);
  fs::copy(record, kept / "record");
  const auto outcome_of = [&](const std::string& seed) {
    fs::remove_all(broker.data());
    fs::copy(kept / "data", broker.data(), fs::copy_options::recursive);
    fs::copy(kept / "record", record, fs::copy_options::overwrite_existing);
    const auto result = cut({"--seed", seed});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("bytes cut off")) << "as a table";
    return result.out + testing::read_text(segment);
  };
  const std::string first = outcome_of("3");
  EXPECT_EQ(first, outcome_of("3"));
  EXPECT_NE(first, outcome_of("4"));
}

TEST_F(PowerCutCommandTest, OfABrokerThatRunsNothingIsTouched) {
  const uint64_t before = fs::file_size(segment);
  expect_refused(cut({}), "another process");
  EXPECT_EQ(fs::file_size(segment), before);
  EXPECT_TRUE(fs::exists(record));
}

TEST_F(PowerCutCommandTest, AFileThatIsNotTheRecordOfThisFolderIsRefusedAndStays) {
  broker.kill();
  const std::string other = folder.path() / "other";
  expect_refused(run_hail({"power-cut", "--record", other, "--data", broker.data()}),
                 "there is no file");
  std::ofstream(other) << "of somebody else";
  expect_refused(run_hail({"power-cut", "--record", other, "--data", broker.data()}),
                 "is no record of syncs");
  EXPECT_EQ(testing::read_text(other), "of somebody else");

  testing::BrokerProcess second;
  second.kill();
  expect_refused(run_hail({"power-cut", "--record", record, "--data", second.data()}),
                 "is not the record of a broker on");
  EXPECT_TRUE(fs::exists(record));
}

}  // namespace
}  // namespace hailstorm::cli
