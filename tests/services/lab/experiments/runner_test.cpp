#include "services/lab/experiments/runner.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "services/lab/experiments/experiment_report.h"
#include "services/lab/experiments/experiment_verdict.h"
#include "services/lab/experiments/journal.h"
#include "tests/services/lab/experiments/scripted_lab.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kExperiment = R"(
title: Payment <freezes>
description: d
configuration: {lab: "http://127.0.0.1:7408"}
steady-state-hypothesis:
  title: rides are accepted
  probes:
    - type: probe
      name: accepted
      tolerance: {type: range, target: body, range: [0.9, 1.0]}
      provider: {type: http, url: "${lab}/api/value/accepted"}
    - type: probe
      name: lost
      tolerance: {type: range, target: body, range: [1, 1]}
      provider: {type: http, url: "${lab}/api/value/lost"}
method:
  - type: action
    name: freeze payment
    provider:
      type: http
      method: POST
      url: "${lab}/api/faults"
      headers: {Content-Type: application/json}
      arguments: {target: payment, action: freeze, duration: 1s}
    pauses: {after: 0.3}
  - type: probe
    name: look
    background: true
    provider: {type: http, url: "${lab}/api/value/background"}
rollbacks:
  - type: action
    name: reset
    provider: {type: http, method: POST, url: "${lab}/api/faults/reset"}
extensions:
  - name: hailstorm
    every: 0.1
    predict: {blast: {log: calm, payment: hurt}}
    when: {lost: [after]}
)";

class RunnerTest : public ::testing::Test {
 protected:
  ExperimentRun run() {
    const auto experiment = parse_experiment(kExperiment, DocumentFormat::yaml);
    EXPECT_TRUE(experiment.ok()) << experiment.error().message();
    const auto plan = plan_of(*experiment, {"127.0.0.1", 7408},
                              [](const std::string&) { return std::optional<std::string>(); });
    EXPECT_TRUE(plan.ok()) << plan.error().message();
    Narrator narrator(said_, false, clock_);
    return ExperimentRunner(lab_, "Bearer x", clock_, stop_, narrator).run(*experiment, *plan);
  }
  [[nodiscard]] std::string said() const { return said_.str(); }

  SystemClock clock_;
  StopSignal stop_;
  ScriptedLab lab_;
  std::ostringstream said_;
};

TEST_F(RunnerTest, LooksBeforeDuringAndAfterAndPassesWhereAllIsRight) {
  const ExperimentRun result = run();
  const ExperimentConclusion conclusion = conclude(result);
  EXPECT_EQ(conclusion.verdict, ExperimentVerdict::passed) << conclusion.reason;
  EXPECT_EQ(conclusion.exit_code(), 0);
  ASSERT_TRUE(result.before && result.after);
  EXPECT_EQ(result.before->probes.size(), 1U);  // the other is for after alone
  EXPECT_EQ(result.after->probes.size(), 2U);
  EXPECT_GE(result.looks, 3);
  EXPECT_EQ(result.method.size(), 2U);
  EXPECT_EQ(result.rollbacks.size(), 1U);
  ASSERT_EQ(result.faults.size(), 1U);
  EXPECT_EQ(result.faults.at("f1").state.phase, FaultPhase::proven_off);
  EXPECT_THAT(said(), HasSubstr("Steady state before: rides are accepted"));
  EXPECT_THAT(said(), HasSubstr("freeze payment: proven (/proc/71/stat says T)"));
  EXPECT_THAT(said(), HasSubstr("freeze payment: proven_off"));
}

TEST_F(RunnerTest, WhereTheSteadyStateDoesNotHoldBeforeNothingIsDone) {
  lab_.answer("GET /api/value/accepted", 200, "0.5");
  const auto conclusion = conclude(run());
  EXPECT_EQ(conclusion.verdict, ExperimentVerdict::failed);
  EXPECT_EQ(conclusion.exit_code(), 1);
  EXPECT_THAT(conclusion.reason, HasSubstr("before anything was done: accepted: 0.5; 0.9 to 1"));
  EXPECT_FALSE(lab_.was_asked("POST /api/faults"));
}

TEST_F(RunnerTest, ADeviationDuringTheMethodFailsAlsoWhereAllIsWellAgainAfterIt) {
  bool is_on = false;
  lab_.on_request = [&](const std::string& request) {
    if (request == "POST /api/faults" && !is_on) {
      is_on = true;
      lab_.answer("GET /api/value/accepted", 200, "0.25");
    }
    if (request == "GET /api/value/background") lab_.answer("GET /api/value/accepted", 200, "1");
  };
  const ExperimentRun result = run();
  EXPECT_TRUE(result.after && result.after->is_met);
  EXPECT_GT(result.deviations, 0);
  EXPECT_EQ(conclude(result).verdict, ExperimentVerdict::failed);
  EXPECT_THAT(conclude(result).reason, HasSubstr("accepted: 0.25"));
}

TEST_F(RunnerTest, ADeviationAfterTheMethodFails) {
  lab_.answer("GET /api/value/lost", 200, "3");
  const auto conclusion = conclude(run());
  EXPECT_EQ(conclusion.verdict, ExperimentVerdict::failed);
  EXPECT_THAT(conclusion.reason, HasSubstr("after it: lost: 3; 1 to 1 is right"));
}

TEST_F(RunnerTest, AFaultThatWasNotProvenMakesItInconclusive) {
  lab_.answer("POST /api/faults", 201, ScriptedLab::fault("not_proven", 0, 0));
  lab_.answer("GET /api/faults/f1", 200, ScriptedLab::fault("proven_off", 0, 2'001));
  const auto conclusion = conclude(run());
  EXPECT_EQ(conclusion.verdict, ExperimentVerdict::inconclusive);
  EXPECT_EQ(conclusion.exit_code(), 3);
  EXPECT_THAT(conclusion.reason, HasSubstr("\"freeze payment\" (freeze payment) was not proven"));
}

TEST_F(RunnerTest, AFaultWhoseEndWasNotProvenMakesItInconclusive) {
  const ExperimentRun passed = run();
  ExperimentRun result = passed;
  result.faults.at("f1").state.proven_off_at_ms = 0;
  EXPECT_EQ(conclude(passed).verdict, ExperimentVerdict::passed);
  EXPECT_EQ(conclude(result).verdict, ExperimentVerdict::inconclusive);
}

TEST_F(RunnerTest, AnActionThatIsRefusedMakesItInconclusiveAndStopsTheMethod) {
  lab_.answer("POST /api/faults", 409,
              R"({"title":"Conflict","detail":"held by lesson 2","status":409})");
  const ExperimentRun result = run();
  const auto conclusion = conclude(result);
  EXPECT_EQ(conclusion.verdict, ExperimentVerdict::inconclusive);
  EXPECT_THAT(conclusion.reason,
              HasSubstr("\"freeze payment\" was refused, HTTP 409: held by lesson 2"));
  EXPECT_FALSE(lab_.was_asked("GET /api/value/background"));
  EXPECT_TRUE(lab_.was_asked("POST /api/faults/reset"));  // rollbacks are run nevertheless
}

TEST_F(RunnerTest, ALabThatGoesAwayMakesItInconclusive) {
  lab_.on_request = [&](const std::string& request) {
    if (request == "GET /api/value/background") lab_.go_away();
  };
  EXPECT_EQ(conclude(run()).verdict, ExperimentVerdict::inconclusive);
}

TEST_F(RunnerTest, AStopRollsBackAndEndsEarly) {
  lab_.on_request = [&](const std::string& request) {
    if (request == "POST /api/faults") stop_.request();
  };
  const ExperimentRun result = run();
  EXPECT_TRUE(result.is_interrupted);
  EXPECT_FALSE(result.after);
  EXPECT_TRUE(lab_.was_asked("POST /api/faults/reset"));
  EXPECT_NE(conclude(result).verdict, ExperimentVerdict::passed);
}

std::vector<std::string> names_of(const json::Value& object) {
  std::vector<std::string> names;
  for (const auto& member : *object.members()) names.push_back(member.name);
  return names;
}

TEST_F(RunnerTest, TheJournalHasChaosToolkitsKeysAndOursApart) {
  const ExperimentRun result = run();
  const json::Value journal = journal_of(result, conclude(result));
  EXPECT_THAT(names_of(journal), ElementsAre("chaoslib-version", "platform", "node", "experiment",
                                             "start", "status", "deviated", "steady_states", "run",
                                             "rollbacks", "end", "duration", "x-hailstorm"));
  EXPECT_EQ(*journal.find("status")->text(), "completed");
  EXPECT_EQ(journal.find("deviated")->boolean(), false);
  EXPECT_THAT(names_of((*journal.find("run")->elements())[0]),
              ElementsAre("activity", "output", "start", "status", "end", "duration"));
  const auto& before = *journal.find("steady_states")->find("before");
  EXPECT_THAT(
      names_of((*before.find("probes")->elements())[0]),
      ElementsAre("activity", "output", "start", "status", "end", "duration", "tolerance_met"));
  const auto& ours = *journal.find("x-hailstorm");
  EXPECT_EQ(*ours.find("verdict")->text(), "passed");
  EXPECT_EQ((*ours.find("faults")->elements())[0].find("proven_at_ms")->integer(), 1'002);
}

TEST_F(RunnerTest, TheReportHasThePlotsTheFaultAndNoMarkupOfTheFile) {
  const ExperimentRun result = run();
  const std::string html = report_of(result, conclude(result));
  EXPECT_THAT(html, HasSubstr("Payment &lt;freezes&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<freezes>")));
  EXPECT_THAT(html, HasSubstr("<strong>Accepted</strong>"));
  EXPECT_THAT(html, HasSubstr("<strong>Lag</strong>"));
  EXPECT_THAT(html, HasSubstr(">freeze payment</text>"));
  EXPECT_THAT(html, HasSubstr("Verdict: passed."));
}

TEST(JournalTest, TimesAreAsChaosToolkitWritesThem) {
  EXPECT_EQ(journal_time(0), "1970-01-01T00:00:00.000000+00:00");
}

}  // namespace
}  // namespace hailstorm::lab
