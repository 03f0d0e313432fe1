#include "common/service/topic_keeper.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

#include "tests/support/matchers.h"

namespace hailstorm::service {
namespace {

using log::LogErrc;
using log::TopicInfo;
using log::TopicSettings;

/// A broker's topics, and what was asked of it.
struct ScriptedTopics {
  std::map<std::string, TopicInfo> topics;
  std::vector<std::string> made;
  bool is_away = false;
  bool is_full = false;

  void add(const std::string& name, const TopicSettings& settings = {}) {
    topics[name] = {name, {}, settings, {{0, 0, 0, 0, "", false}}};
  }
};

/// The other calls are not used.
class ScriptedAdmin final : public log::Admin {
 public:
  explicit ScriptedAdmin(ScriptedTopics& broker) : broker_(broker) {}

  Result<bool> create_topic(const std::string& name, const TopicSettings& settings) override {
    if (broker_.is_away) return away();
    if (broker_.is_full) return Error(LogErrc::not_now, "the broker's disk is full");
    if (broker_.topics.contains(name)) return false;
    broker_.add(name, settings);
    broker_.made.push_back(name);
    return true;
  }
  Result<std::vector<TopicInfo>> describe_topics(const std::vector<std::string>& names) override {
    if (broker_.is_away) return away();
    std::vector<TopicInfo> found;
    for (const auto& name : names) {
      if (!broker_.topics.contains(name)) return Error(LogErrc::unknown_topic, name);
      found.push_back(broker_.topics.at(name));
    }
    return found;
  }
  Status delete_topic(const std::string&) override { return away(); }
  Result<std::vector<log::NamedSetting>> alter_topic(
      const std::string&, const std::vector<log::NamedSetting>&) override {
    return away();
  }
  Result<int64_t> delete_records(const log::TopicPartition&, int64_t) override { return away(); }
  Status create_partitions(const std::string&, int32_t) override { return away(); }
  Result<log::FoundOffsets> offsets_at(const std::vector<log::TopicPartition>&, int64_t) override {
    return away();
  }
  Result<std::vector<log::GroupInfo>> list_groups() override { return away(); }
  Result<log::GroupDescription> describe_group(const std::string&) override { return away(); }
  Status reset_offsets(const std::string&, const std::vector<log::Position>&) override {
    return away();
  }
  Result<log::RewoundGroup> rewind_group(const std::string&,
                                         const std::vector<log::Position>&) override {
    return away();
  }
  Status delete_group(const std::string&) override { return away(); }

 private:
  static Error away() { return {LogErrc::unavailable, "no answer"}; }
  ScriptedTopics& broker_;
};

class TopicKeeperTest : public ::testing::Test {
 protected:
  TopicKeeperTest() {
    for (const auto* name : {"read", "written", "strange"}) broker_.add(name);
  }
  [[nodiscard]] std::string reasons() const {
    std::string all;
    for (const auto& reason : why_not_ready(health_, false)) all += reason + "\n";
    return all;
  }

  ScriptedTopics broker_;
  Health health_;
  TopicKeeper keeper_{std::make_unique<ScriptedAdmin>(broker_), {"read"}, {"written"}, health_};
};

TEST_F(TopicKeeperTest, WhatIsReadOrWrittenIsMadeAgainWithTheSettingsThatItHad) {
  TopicSettings settings;
  settings.partitions = 7;
  settings.retention_ms = 1'234;
  broker_.add("written", settings);
  ASSERT_OK(keeper_.look());
  broker_.topics.clear();
  ASSERT_OK(keeper_.look());
  EXPECT_EQ(broker_.made, (std::vector<std::string>{"read", "written"}));
  EXPECT_EQ(broker_.topics.at("written").settings.partitions, 7);
  EXPECT_EQ(broker_.topics.at("written").settings.retention_ms, 1'234);
}

TEST_F(TopicKeeperTest, ATopicIsMissingUntilItIsSeenAgain) {
  broker_.topics.erase("read");
  broker_.is_full = true;
  EXPECT_FAILS_WITH(keeper_.look(), LogErrc::not_now);
  EXPECT_EQ(reasons(), "topic 'read' does not exist; it is made again\n");
  broker_.is_full = false;
  ASSERT_OK(keeper_.look());
  EXPECT_NE(reasons(), "");
  ASSERT_OK(keeper_.look());
  EXPECT_EQ(reasons(), "");
}

TEST_F(TopicKeeperTest, ABrokerThatIsAwayLosesNoTopic) {
  broker_.topics.clear();
  broker_.is_away = true;
  EXPECT_FAILS_WITH(keeper_.look(), LogErrc::unavailable);
  EXPECT_EQ(reasons(), "");
  EXPECT_TRUE(broker_.made.empty());
}

TEST_F(TopicKeeperTest, APartitionThatTakesNoRecordsIsAReasonForItsWriter) {
  broker_.topics.at("read").partitions.at(0).error = "damaged";
  ASSERT_OK(keeper_.look());
  EXPECT_EQ(reasons(), "") << "its readers say so";
  broker_.topics.at("written").partitions.at(0).error = "damaged";
  ASSERT_OK(keeper_.look());
  EXPECT_EQ(reasons(), "partition written-0, to which it publishes, takes no records: damaged\n");
  broker_.topics.at("written").partitions.at(0).error = "";
  ASSERT_OK(keeper_.look());
  EXPECT_EQ(reasons(), "");
}

}  // namespace
}  // namespace hailstorm::service
