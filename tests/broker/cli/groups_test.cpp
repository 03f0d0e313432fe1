#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "common/base/check.h"
#include "common/log/log.h"
#include "tests/broker/cli/hail_fixture.h"
#include "tests/support/matchers.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;

class HailGroupsTest : public HailFixture {
 protected:
  HailGroupsTest() {
    ok({"topics", "create", "rides", "--partitions", "1"});
    ok({"produce", "rides"}, "a\nb\nc\n");
  }
  json partition() {
    return json::parse(ok({"groups", "describe", "g", "--json"}))["partitions"].at(0);
  }
};

TEST_F(HailGroupsTest, ListsAndDescribesWithLag) {
  ok({"consume", "rides", "--group", "g", "--max", "1"});
  const json listed = json::parse(ok({"groups", "list", "--json"}));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["group"], "g");
  EXPECT_EQ(listed[0]["lag"], 2);
  EXPECT_EQ(partition()["committed_offset"], 1);
  EXPECT_NE(ok({"groups", "describe", "g"}).find("COMMITTED"), std::string::npos);
  EXPECT_NE(ok({"groups", "list"}).find("\ng "), std::string::npos);
}

TEST_F(HailGroupsTest, ResetsAGroupWithoutMembers) {
  ok({"consume", "rides", "--group", "g"});
  ok({"groups", "reset", "g", "--to", "earliest"});
  EXPECT_EQ(partition()["committed_offset"], 0);
  ok({"groups", "reset", "g", "--to", "2", "--topic", "rides"});
  EXPECT_EQ(partition()["committed_offset"], 2);
  ok({"groups", "reset", "g", "--to", "99"});
  EXPECT_EQ(partition()["committed_offset"], 3) << "the nearer end";
  ok({"groups", "reset", "g", "--to", "2014-04-01T00:11:00Z"});
  EXPECT_EQ(partition()["committed_offset"], 0);
}

TEST_F(HailGroupsTest, RefusesToMoveOrDeleteALiveGroupAndSaysWhy) {
  auto engine = log::open(broker_.url());
  ASSERT_OK(engine);
  log::ConsumerOptions options;
  options.group = "g";
  const auto consumer = (*engine)->make_consumer(options);
  consumer->subscribe({"rides"});
  size_t seen = 0;
  ASSERT_TRUE(testing::await([&] {
    const auto records = consumer->poll(100);
    if (records.ok()) seen += records->size();
    return seen > 0;
  }));
  expect_refused({"groups", "reset", "g", "--to", "earliest"}, "live");
  expect_refused({"groups", "delete", "g"}, "group 'g' is not empty (members: 1)");
}

/// A live group that has read everything: three records of two rides, and one of none.
class HailRewindTest : public HailGroupsTest {
 protected:
  HailRewindTest() {
    ok({"topics", "create", "events", "--partitions", "1"});
    for (const char* ride : {"one", "two", "two"})
      ok({"produce", "events", "--header", std::string("ce_subject=") + ride}, "x\n");
    ok({"produce", "events"}, "of no ride\n");
    auto engine = log::open(broker_.url());
    HAIL_CHECK(engine.ok());
    engine_ = std::move(engine).value();
    log::ConsumerOptions options;
    options.group = "g";
    consumer_ = engine_->make_consumer(options);
    consumer_->subscribe({"events"});
    EXPECT_TRUE(read_until(4));
    EXPECT_OK(consumer_->commit({{{"events", 0}, 4, {}}}));
  }
  bool read_until(int64_t count) {
    return testing::await([&] {
      const auto records = consumer_->poll(50);
      if (records.ok()) read_ += std::ssize(*records);
      return read_ >= count;
    });
  }
  json reset(std::vector<std::string> how) {
    std::vector<std::string> command = {"groups", "reset", "g", "--json"};
    command.insert(command.end(), how.begin(), how.end());
    return json::parse(ok(command));
  }

  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Consumer> consumer_;
  int64_t read_ = 0;
};

TEST_F(HailRewindTest, APreviewAndTheRewindSayTheSameAndTheMemberReadsAgain) {
  json preview = reset({"--to", "1", "--live", "--preview"});
  EXPECT_EQ(preview["records"], 3);
  EXPECT_EQ(preview["rides"], 1) << "two of ride two, one of no ride";
  EXPECT_EQ(preview["effects"], 0);
  EXPECT_EQ(partition()["committed_offset"], 4) << "nothing was changed";
  json applied = reset({"--to", "1", "--live"});
  EXPECT_EQ(applied["epoch"], preview["epoch"].get<int>() + 1);
  for (const char* differs : {"preview", "epoch"}) {
    preview.erase(differs);
    applied.erase(differs);
  }
  EXPECT_EQ(applied, preview);
  EXPECT_TRUE(read_until(4 + 3));
  EXPECT_EQ(read_, 4 + 3) << "redelivered: the records previewed";
}

TEST_F(HailRewindTest, ATableShowsEachPartition) {
  const std::string text = ok({"groups", "reset", "g", "--to=-30s", "--live", "--preview"});
  EXPECT_NE(text.find("RIDES"), std::string::npos);
  EXPECT_NE(text.find("4 records of 2 rides would be delivered again; effects: 0"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("this is a preview"), std::string::npos);
}

TEST_F(HailRewindTest, ForwardSaysWhatIsPassedOver) {
  reset({"--to", "0", "--live"});
  const json forward = reset({"--to", "latest", "--live", "--preview"});
  EXPECT_EQ(forward["records"], 0);
  EXPECT_EQ(forward["skipped"], 4 - partition()["committed_offset"].get<int>());
}

TEST_F(HailRewindTest, WithoutLiveAGroupWithMembersIsOnlyPreviewed) {
  EXPECT_EQ(reset({"--to", "earliest", "--preview"})["records"], 4);
  expect_refused({"groups", "reset", "g", "--to", "earliest"}, "--live");
  EXPECT_EQ(partition()["committed_offset"], 4);
}

TEST_F(HailGroupsTest, DeletesGroupsForGood) {
  for (const char* group : {"g", "h", "kept"}) ok({"consume", "rides", "--group", group});
  EXPECT_EQ(ok({"groups", "delete", "g", "h"}), "deleted group g\ndeleted group h\n");
  broker_.kill();
  broker_.start();
  const json listed = json::parse(ok({"groups", "list", "--json"}));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["group"], "kept");
  EXPECT_EQ(ok({"consume", "rides", "--group", "g"}), ok({"consume", "rides"}))
      << "it begins like a new group";
}

TEST_F(HailGroupsTest, SaysOfEachGroupWhetherItWasDeleted) {
  for (const char* group : {"g", "h"}) ok({"consume", "rides", "--group", group});
  const auto result = hail({"groups", "delete", "g", "nobody", "h", "--json"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "hail: there is no group 'nobody'\n");
  const json expected = {
      {{"group", "g"}, {"deleted", true}},
      {{"group", "nobody"}, {"deleted", false}, {"error", "there is no group 'nobody'"}},
      {{"group", "h"}, {"deleted", true}}};
  EXPECT_EQ(json::parse(result.out), expected);
}

TEST_F(HailGroupsTest, BadUsageIsOneLine) {
  expect_refused({"groups", "delete"}, "GROUP");
  expect_refused({"groups", "delete", "nobody"}, "nobody");
  expect_refused({"groups", "delete", ""}, "1 to 255 bytes");
  expect_refused({"groups", "describe", "nobody"}, "nobody");
  expect_refused({"groups", "reset", "nobody", "--to", "earliest"}, "nobody");
  expect_refused({"groups", "reset", "g"}, "--to");
  expect_refused({"groups", "reset", "g", "--to", "noon"}, "'noon'");
}

}  // namespace
}  // namespace hailstorm::cli
