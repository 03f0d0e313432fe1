#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

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
