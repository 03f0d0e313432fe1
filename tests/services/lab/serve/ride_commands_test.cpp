#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/run_program.h"
#include "tests/support/served_lab.h"

namespace hailstorm::testing {
namespace {

/// `hail-lab passport` and `hail-lab dead-letters` at a running lab.
class RideCommandsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { lab = std::make_unique<ServedLab>(); }
  static void TearDownTestSuite() { lab.reset(); }

  static ProgramResult passport(const std::string& ride, std::vector<std::string> more = {}) {
    more.insert(more.begin(),
                {program_folder() / "hail-lab", "passport", ride, "--lab", lab->url()});
    return run_program(more);
  }
  static ProgramResult letters(const std::vector<std::string>& more, bool has_token = true) {
    std::vector<std::string> all = {program_folder() / "hail-lab", "dead-letters", "--lab",
                                    lab->url()};
    if (has_token) all.insert(all.end(), {"--token-file", lab->token_file().string()});
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
  /// An event that no service can read: each group that reads the topic refuses it.
  static void poison(const std::string& topic) {
    const auto fault =
        lab->client().post("/api/faults", {{"target", topic},
                                           {"action", "poison"},
                                           {"duration", "1s"},
                                           {"attributes", {{"kind", "impossible"}}}});
    ASSERT_TRUE(fault.ok()) << fault.error().message();
  }
  static json::Value listed() {
    const auto list = letters({"--json", "list"}, false);
    EXPECT_EQ(list.exit_code, 0) << list.err;
    return json::parse(list.out).value();
  }
  static std::string first_letter() {
    const auto all = listed();
    EXPECT_FALSE(all.find("dead_letters")->elements()->empty());
    return *all.find("dead_letters")->elements()->front().find("id")->text();
  }

  static std::unique_ptr<ServedLab> lab;
};
std::unique_ptr<ServedLab> RideCommandsTest::lab;

TEST_F(RideCommandsTest, APassportOverTheLabIsTheOneFromTheDataFolder) {
  const std::string ride = lab->ask_for_a_ride("anna");
  ASSERT_TRUE(await([&] {
    return passport(ride).out.find("counted in zone") != std::string::npos;
  })) << passport(ride).out;
  const auto table = passport(ride);
  EXPECT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("ride " + ride + " of anna"), std::string::npos) << table.out;
  const auto document = lab->client().get("/api/passports/" + ride);
  ASSERT_TRUE(document.ok()) << document.error().message();
  EXPECT_EQ(json::to_text(*document) + "\n", passport(ride, {"--json"}).out);
}

TEST_F(RideCommandsTest, APassportIsATraceInTheFormatOtlp) {
  const std::string path = "/api/passports/" + lab->ask_for_a_ride("bert");
  const auto trace = lab->client().get(path + "?format=otlp");
  ASSERT_TRUE(trace.ok()) << trace.error().message();
  EXPECT_FALSE(trace->find("resourceSpans")->elements()->empty()) << json::to_text(*trace);
  EXPECT_EQ(lab->send("GET", path + "?format=xml", {}).status, 422);
}

TEST_F(RideCommandsTest, OfARideThatNothingKnowsTheCommandSaysSo) {
  const auto unknown = passport("no-such-ride");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("no service has a trace"), std::string::npos) << unknown.err;
}

TEST_F(RideCommandsTest, AGroupIsMovedToAPlaceOfItsOwnInEachPartition) {
  ASSERT_FALSE(lab->ask_for_a_ride("dora").empty());
  const auto move = [](const std::string& order) {
    return lab->client().post("/api/groups/payment/reset", json::parse(order).value());
  };
  const auto moved = move(R"({"places":[{"topic":"ride_requested","partition":3,"to":"earliest"},)"
                          R"({"topic":"ride_requested","partition":1,"to":"latest"}]})");
  ASSERT_TRUE(moved.ok()) << moved.error().message();
  const auto& partitions = *moved->find("partitions")->elements();
  ASSERT_EQ(partitions.size(), 2U) << json::to_text(*moved);
  EXPECT_EQ(partitions[0].find("partition")->integer(), 3);
  EXPECT_EQ(partitions[0].find("to")->integer(), 0);
  EXPECT_EQ(partitions[1].find("partition")->integer(), 1);
  EXPECT_EQ(partitions[1].find("records")->integer(), 0);

  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"places":[]})", "a list of 1 to"},
      {R"({"places":[{"topic":"ride_requested","partition":0}]})", "places: "},
      {R"({"places":[{"topic":"ride_requested","partition":0,"to":"never"}]})", "like 42"},
      {R"({"places":[{"topic":"a","partition":0,"to":"0"},)"
       R"({"topic":"a","partition":0,"to":"1"}]})",
       "a-0 is there twice"},
      {R"({"places":[{"topic":"a","partition":0,"to":"0"}],"to":"0"})", "leave the others out"}};
  for (const auto& [order, why] : wrong) {
    const auto refused = move(order);
    ASSERT_FALSE(refused.ok()) << order;
    EXPECT_NE(refused.error().message().find(why), std::string::npos) << refused.error().message();
  }
}

TEST_F(RideCommandsTest, ADeadLetterIsListedShownAndGivenBackToTheGroupThatRefusedIt) {
  poison("ride_matched");
  ASSERT_TRUE(await([] { return !listed().find("dead_letters")->elements()->empty(); }));
  const std::string id = first_letter();
  EXPECT_NE(letters({"list"}).out.find(id), std::string::npos);
  const auto shown = letters({"show", id}, false);
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_NE(shown.out.find("ride_matched/"), std::string::npos) << shown.out;
  const auto unpermitted = letters({"replay", id}, false);
  EXPECT_EQ(unpermitted.exit_code, 1);
  EXPECT_NE(unpermitted.err.find("token"), std::string::npos) << unpermitted.err;
  const auto replayed = letters({"replay", id});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.out << replayed.err;
  EXPECT_NE(replayed.out.find("goes back to "), std::string::npos) << replayed.out;
  EXPECT_NE(letters({"show", id}).out.find("replayed  yes"), std::string::npos);
}

TEST_F(RideCommandsTest, OfABadOrUnknownLetterTheCommandSaysSo) {
  EXPECT_EQ(letters({"show", "rubbish"}).exit_code, 2);
  const auto unknown = letters({"replay", "dead_letter/0/77000"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("there is no dead letter"), std::string::npos) << unknown.err;
}

}  // namespace
}  // namespace hailstorm::testing
