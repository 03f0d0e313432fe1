#include "services/lab/runs/run_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Address kLab = {"127.0.0.1", 7408};

/// An experiment that reads that variable and asks that address, with more members.
std::string document(const std::string& variable, const std::string& url = "${lab}/api/state",
                     const std::string& more = "") {
  return R"({"title":"t","description":"d",
    "configuration":{"lab":{"type":"env","key":")" +
         variable + R"(","default":"http://127.0.0.1:7408"}},
    "method":[{"type":"probe","name":"look","provider":{"type":"http","url":")" +
         url + "\"}}]" + more + "}";
}

std::string refusal(const Result<RunOrder>& order) {
  if (order.ok()) return "it is taken";
  EXPECT_TRUE(order.error().is(ApiErrc::bad_request)) << order.error().message();
  return order.error().message();
}
std::string refusal_of_blast(const std::string& text) {
  return refusal(blast_order(json::parse(text).value()));
}

TEST(RunOrderTest, AnExperimentForThisLabIsTakenAsItStands) {
  const auto order = experiment_order(document("HAIL_LAB"), kLab);
  ASSERT_TRUE(order.ok()) << order.error().message();
  EXPECT_EQ(order->title, "t");
  EXPECT_EQ(order->document, document("HAIL_LAB"));
}

TEST(RunOrderTest, AnExperimentGetsNoOtherVariableOfTheLabsEnvironment) {
  EXPECT_THAT(refusal(experiment_order(document("AWS_SECRET_ACCESS_KEY"), kLab)),
              HasSubstr("not AWS_SECRET_ACCESS_KEY"));
}

TEST(RunOrderTest, AnExperimentThatAsksSomebodyElseIsRefused) {
  EXPECT_THAT(refusal(experiment_order(document("HAIL_LAB", "http://evil.test/api/state"), kLab)),
              HasSubstr("method[0]"));
}

TEST(RunOrderTest, AnExperimentThatChangesThePlatformItselfNeedsOneOfItsOwn) {
  const std::string unsafe =
      R"(,"extensions":[{"name":"hailstorm","unsafe":{"payment":["no-inbox"]}}])";
  const auto order = experiment_order(document("HAIL_LAB", "${lab}/api/state", unsafe), kLab);
  ASSERT_TRUE(order.ok()) << order.error().message();
  EXPECT_TRUE(order->needs_own_platform);
  EXPECT_FALSE(experiment_order(document("HAIL_LAB"), kLab)->needs_own_platform);
}

TEST(RunOrderTest, ADocumentThatCannotBeRunIsRefusedByLine) {
  EXPECT_THAT(refusal(experiment_order("{\n\"title\": 7}", kLab)), HasSubstr("line 2"));
  EXPECT_THAT(refusal(experiment_order("null", kLab)), HasSubstr("line 1"));
}

TEST(RunOrderTest, ABlastIsWhatItsCommandTakes) {
  const auto order = blast_order(
      json::parse(R"({"faults":["kill","freeze"],"targets":["payment"],"quick":true,"rate":20})")
          .value());
  ASSERT_TRUE(order.ok()) << order.error().message();
  EXPECT_EQ(order->title, "kill payment, and 1 more");
  EXPECT_THAT(order->arguments, ElementsAre("--rate", "20", "--faults", "kill,freeze", "--targets",
                                            "payment", "--quick"));
  EXPECT_TRUE(blast_order(json::Value::object()).ok()) << "each member may be missing";
}

TEST(RunOrderTest, ABlastThatIsNotPossibleIsRefusedByMember) {
  EXPECT_THAT(refusal_of_blast(R"({"faults":["--lab"]})"), HasSubstr("there is no fault --lab"));
  EXPECT_THAT(refusal_of_blast(R"({"targets":["x,y"]})"), HasSubstr("there is no target x,y"));
  EXPECT_THAT(refusal_of_blast(R"({"rate":0})"), HasSubstr("rate is 0"));
  EXPECT_THAT(refusal_of_blast(R"({"rate":"fast"})"), HasSubstr("rate"));
  EXPECT_THAT(refusal_of_blast(R"({"target":"payment"})"), HasSubstr("no member target"));
  EXPECT_THAT(refusal_of_blast(R"({"faults":["power_cut"],"targets":["payment"]})"),
              HasSubstr("none of these faults"));
  EXPECT_THAT(refusal_of_blast("[]"), HasSubstr("no object"));
}

std::string refusal_of_storm(const std::string& text) {
  return refusal(storm_order(json::parse(text).value()));
}

TEST(RunOrderTest, AStormIsWhatItsCommandTakes) {
  const auto order = storm_order(
      json::parse(R"({"seed":7,"minutes":0.25,"kinds":["kill"],"targets":["payment"],"rate":20})")
          .value());
  ASSERT_TRUE(order.ok()) << order.error().message();
  EXPECT_THAT(order->arguments,
              ElementsAre("--seed", "7", "--minutes", "0.25", "--kills", "0", "--at-once", "2",
                          "--rate", "20", "--kinds", "kill", "--targets", "payment"));
  EXPECT_THAT(order->title, HasSubstr("a storm of seed 7: "));
  EXPECT_TRUE(storm_order(json::Value::object()).ok()) << "each member may be missing";
}

TEST(RunOrderTest, AStormThatIsNotPossibleIsRefusedByMember) {
  EXPECT_THAT(refusal_of_storm(R"({"kinds":["luck"]})"), HasSubstr("there is no kind luck"));
  EXPECT_THAT(refusal_of_storm(R"({"targets":["moon"]})"), HasSubstr("there is no target moon"));
  EXPECT_THAT(refusal_of_storm(R"({"minutes":61})"), HasSubstr("minutes is 61: give 0.05 to 60"));
  EXPECT_THAT(refusal_of_storm(R"({"minutes":1e300})"), HasSubstr("minutes"));
  EXPECT_THAT(refusal_of_storm(R"({"seed":-1})"), HasSubstr("seed is -1"));
  EXPECT_THAT(refusal_of_storm(R"({"at_once":9})"), HasSubstr("at_once is 9"));
  EXPECT_THAT(refusal_of_storm(R"({"kills":10001})"), HasSubstr("kills is 10001"));
  EXPECT_THAT(refusal_of_storm(R"({"rate":"fast"})"), HasSubstr("rate"));
  EXPECT_THAT(refusal_of_storm(R"({"length":7})"), HasSubstr("there is no member length"));
  EXPECT_THAT(refusal_of_storm("[]"), HasSubstr("no object"));
}

TEST(RunOrderTest, TheScheduleOfAStormDependsOnItsOrderAlone) {
  const auto schedule = [](int64_t seed) {
    return json::to_text(storm_schedule({{"seed", seed}, {"minutes", 0.25}}).value());
  };
  EXPECT_EQ(schedule(7), schedule(7));
  EXPECT_NE(schedule(7), schedule(8));
  EXPECT_THAT(schedule(7), HasSubstr(R"("at_ms":)"));
}

}  // namespace
}  // namespace hailstorm::lab
