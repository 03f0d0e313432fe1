#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <vector>

#include "common/kafka/messages/all_messages.h"
#include "tests/kafka/schemas/schema_lines.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;

constexpr int kTimeoutMs = 120'000;  // they may have to be fetched first
// The newest, and the last one that has the versions that Kafka 4.0 dropped.
const std::vector<std::string> kVersions = {"4.4.0", "3.9.2"};

/// Our tables against Kafka's own description of its messages, which comes with kafka-clients.
class SchemasTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto& version : kVersions) {
      const std::filesystem::path source = HAILSTORM_SOURCE_DIR;
      folders_.push_back(source / "build/tools" / ("kafka-schemas-" + version));
      const auto fetched = run_program(
          {source / "tests/kafka/schemas/fetch", version, folders_.back()}, "", kTimeoutMs);
      if (fetched.exit_code == 0) continue;
      GTEST_SKIP() << "it needs a JDK, Maven and its registry; tests/kafka/schemas/fetch said: "
                   << fetched.err.substr(0, fetched.err.find('\n'));
    }
  }

  /// Each of our versions of a message must be in a schema, and like it.
  template <class Message>
  void expect_like_kafkas() {
    const kafka::Api& api = kafka::api_of(Message::kKey);
    const Message defaults;
    for (int16_t version = api.first_version; version <= api.last_version; ++version) {
      int schemas = 0;
      for (const auto& folder : folders_) {
        const auto file = folder / fmt::format("{}.json", Message::kName);
        if (!std::filesystem::exists(file)) continue;
        const json schema = read_schema(file);
        if (!is_in(schema.at("validVersions"), version)) continue;
        ++schemas;
        SCOPED_TRACE(fmt::format("{} version {}", file.string(), version));
        EXPECT_EQ(schema.at("apiKey"), static_cast<int>(Message::kKey));
        EXPECT_EQ(is_in(schema.at("flexibleVersions"), version), api.is_flexible(version));
        EXPECT_THAT(lines_of_table(Message::fields(), &defaults, version),
                    ::testing::ElementsAreArray(lines_of_schema(schema, version)));
      }
      EXPECT_GT(schemas, 0) << Message::kName << " version " << version;
    }
  }

  std::vector<std::filesystem::path> folders_;
};

TEST_F(SchemasTest, EveryFieldOfEveryMessageAndVersionIsThatOfKafka) {
  kafka::AllRequests::each([&]<class Request>(std::type_identity<Request> /*type*/) {
    expect_like_kafkas<Request>();
    expect_like_kafkas<typename Request::Response>();
  });
}

TEST_F(SchemasTest, ALineOfASchemaNamesWhatMatters) {
  const json schema = read_schema(folders_[0] / "FetchRequest.json");
  const auto lines = lines_of_schema(schema, 12);
  EXPECT_THAT(lines, ::testing::Contains("ClusterId string nullable tag 0 = null"));
  EXPECT_THAT(lines, ::testing::Contains("MaxBytes int32 = 2147483647"));
  EXPECT_THAT(lines, ::testing::Contains("Topics []structure = []"));
  EXPECT_THAT(lines, ::testing::Contains("Topics.Partitions.LastFetchedEpoch int32 = -1"));
}

}  // namespace
}  // namespace hailstorm::testing
