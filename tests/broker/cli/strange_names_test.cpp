#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "broker/groups/offsets_schema.h"
#include "broker/partition/topic_store.h"
#include "broker/storage/store_folder.h"
#include "common/base/clock.h"
#include "common/base/data_folder.h"
#include "common/base/text.h"
#include "common/http/client.h"
#include "common/wire/record_batch.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/matchers.h"
#include "tests/support/metrics_page.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

/// Names that no new group may have, as an older data folder may hold them.
const std::vector<std::string>& strange_names() {
  static const std::vector<std::string> names = {"\xff",
                                                 "\xfe",
                                                 "\x1b[31mred\x1b[0m",
                                                 "two\nlines",
                                                 "\xe2\x80\xaeturned",
                                                 "quote\"\\",
                                                 std::string("\0zero", 5),
                                                 std::string(1000, 'x'),
                                                 "tab\there"};
  return names;
}

/// A data folder in which each of these groups has committed offset 0 of a topic.
void make_folder(const std::filesystem::path& path, const std::vector<std::string>& groups) {
  const auto held = DataFolder::open(path, storage::kFolderOwner, storage::kFolderFormat,
                                     DataFolder::Sharing::exclusive);
  ASSERT_OK(held);
  const auto files = storage::make_posix_file_system();
  const SystemClock clock;
  auto topics = broker::TopicStore::open(*files, clock, path.string());
  ASSERT_OK(topics);
  wire::TopicConfig config;
  config.partitions = 1;
  ASSERT_OK((*topics)->create("rides", config));
  const Uuid id = (*topics)->find("rides")->id;
  config.cleanup = wire::CleanupPolicy::compaction;
  ASSERT_OK((*topics)->create("__consumer_offsets", config));
  wire::RecordBatchBuilder builder;
  for (const std::string& group : groups) {
    const auto key = groups::encode(groups::RecordKey{.kind = groups::RecordKind::offset_commit,
                                                      .group = group,
                                                      .topic = "rides",
                                                      .partition = 0,
                                                      .member_id = {}});
    const auto value = groups::encode(groups::OffsetCommitValue{.offset = 0,
                                                                .leader_epoch = -1,
                                                                .metadata = {},
                                                                .commit_timestamp_ms = 1'000,
                                                                .topic_id = id});
    builder.append(1'000, key, value);
  }
  auto batch = builder.finish();
  ASSERT_OK((*topics)->partition({"__consumer_offsets", 0})->append(batch));
  ASSERT_OK((*topics)->close());
}

class StrangeNamesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    make_folder(folder_.path() / "data", strange_names());
    broker_.emplace(std::vector<std::string>{}, folder_.path() / "data");
  }
  testing::ProgramResult hail(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--broker", broker_->url()});
    auto result = run_hail(std::move(arguments));
    for (const std::string* text : {&result.out, &result.err}) {
      std::istringstream lines(*text);
      for (std::string line; std::getline(lines, line);) EXPECT_EQ(printable(line), line);
    }
    return result;
  }
  [[nodiscard]] std::string metrics() const {
    const auto address = http::parse_address(broker_->http_url());
    http::Client client(*address, 5'000);
    const auto response = client.get("/metrics");
    return response.ok() ? response->body : "";
  }

  testing::TempFolder folder_;
  std::optional<testing::BrokerProcess> broker_;
};

TEST_F(StrangeNamesTest, GroupsOfAnOlderFolderAreListedForEverybody) {
  const auto table = hail({"groups", "list"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("\n\\xff "), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("\n\\x1b[31mred\\x1b[0m "), std::string::npos) << table.out;

  const auto listed = hail({"groups", "list", "--json"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  const json groups = json::parse(listed.out);
  EXPECT_EQ(groups.size(), strange_names().size());
  std::set<std::string> hex;
  for (const json& group : groups) {
    if (group.contains("group_hex")) hex.insert(group["group_hex"]);
  }
  EXPECT_EQ(hex, (std::set<std::string>{"fe", "ff"})) << "two names stay two names";
}

TEST_F(StrangeNamesTest, EachGroupIsShownAndDeletedByItsName) {
  for (const std::string& name : strange_names()) {
    if (name.find('\0') != std::string::npos) continue;  // no argument of a program
    SCOPED_TRACE(printable(name));
    EXPECT_EQ(hail({"groups", "describe", name}).exit_code, 0);
    EXPECT_EQ(hail({"groups", "describe", name, "--json"}).exit_code, 0);
    const auto deleted = hail({"groups", "delete", name});
    EXPECT_EQ(deleted.exit_code, 0) << deleted.err;
  }
  EXPECT_EQ(json::parse(hail({"groups", "list", "--json"}).out).size(), 1U);
}

TEST_F(StrangeNamesTest, TheMetricsPageIsValid) {
  ASSERT_TRUE(testing::await(
      [&] { return metrics().find("hailstorm_broker_group_lag_records{") != std::string::npos; }));
  const std::string page = metrics();
  EXPECT_EQ(testing::problems_of_metrics(page), std::vector<std::string>());
  size_t series = 0;
  for (size_t at = page.find("group_lag_records{"); at != std::string::npos;
       at = page.find("group_lag_records{", at + 1)) {
    ++series;
  }
  EXPECT_EQ(series, strange_names().size());
}

TEST_F(StrangeNamesTest, NoNewGroupHasSuchAName) {
  EXPECT_EQ(hail({"groups", "delete", "\xff"}).exit_code, 0);
  for (const std::string& name :
       {std::string("\xff"), std::string("new\x1b[2J"), std::string("new\n"), std::string(256, 'n'),
        std::string("\xc2\x80"), std::string("\xe2\x80\xae")}) {
    const auto result = hail({"consume", "rides", "--group", name});
    EXPECT_EQ(result.exit_code, 2) << printable(name);
    EXPECT_NE(result.err.find("a group's name is 1 to 255 bytes"), std::string::npos) << result.err;
  }
  EXPECT_EQ(hail({"consume", "rides", "--group", std::string(255, 'n')}).exit_code, 0);
  EXPECT_EQ(hail({"consume", "rides", "--group", "Z\xc3\xbcrich / 7"}).exit_code, 0);
}

TEST_F(StrangeNamesTest, ARefusedNameIsPrintedWithoutItsEscapeSequences) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"topics", "describe", "\x1b[2J"},
        {"topics", "create", "\x1b[2J"},
        {"topics", "delete", "\xff"},
        {"groups", "describe", "\x1b[2J"},
        {"groups", "reset", "nobody\n", "--to", "earliest"},
        {"groups", "reset", "two\nlines", "--to", "\x1b[2J"},
        {"groups", "delete", "\x1b[2J", "\xff\xff"},
        {"produce", "\x1b[2J"},
        {"consume", "\x1b[2J"},
        {"consume", "rides", "--from", "\x1b[2J"},
        {"dump", "/nowhere/\x1b[2J"},
        {"verify", "/nowhere/\x1b[2J"},
        {"power-cut", "--record", "/nowhere/\x1b[2J", "--data", "/nowhere/\x1b[2J"},
        {"\x1b[2J"}}) {
    const auto result = hail(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments.front();
    EXPECT_NE(result.err, "");
  }
}

}  // namespace
}  // namespace hailstorm::cli
