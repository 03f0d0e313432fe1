#include "services/lab/story/acts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "common/json/json.h"
#include "services/lab/experiments/document/errors.h"
#include "services/lab/story/act_faults.h"
#include "services/registry/services.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string in_words(const Act& act) {
  std::string text = act.name + ", " + act.title + ": " + std::string(act.fault_word());
  for (const auto& target : act.targets()) text += " " + target;
  return text;
}

TEST(StoryFileTest, TheOneThatIsShippedHasSixActs) {
  const auto acts = scenario();
  ASSERT_OK(acts);
  std::vector<std::string> lines;
  for (const Act& act : *acts) lines.push_back(in_words(act));
  EXPECT_THAT(lines,
              ElementsAre("all-is-well, all is well: none",
                          "notification-killed, notification is killed: SIGKILL notification",
                          "payment-frozen, payment is frozen: SIGSTOP payment",
                          "matching-killed, matching is killed: SIGKILL matching",
                          "broker-killed, the broker is killed: SIGKILL broker",
                          StartsWith("all-services-killed, all four services are killed at once: "
                                     "SIGKILL ")));
  EXPECT_EQ(acts->back().targets(), registry::reacting_names());
}

/// A file whose method is `activities` is refused in words.
void expect_refused(const std::string& activities, const std::string& words) {
  const auto acts = acts_of("title: A story\ndescription: of a test\n" +
                            ("configuration: {lab: nowhere}\nmethod:\n" + activities));
  EXPECT_FAILS_WITH(acts, ExperimentErrc::bad_file);
  if (acts.ok()) return;
  EXPECT_THAT(acts.error().message(), HasSubstr(words));
}

TEST(StoryFileTest, WhatIsNoActIsNamedWithItsLine) {
  const std::string looks = R"(provider: {type: http, url: "${lab}/api/state"}})";
  expect_refused("  - {type: probe, name: all is well, " + looks + "\n",
                 "line 5: method[0].name: is not NAME: TITLE");
  expect_refused("  - {type: action, name: \"a: b\", " + looks + "\n",
                 "line 5: method[0].provider: asks for no fault");
  expect_refused(R"(
  - type: action
    name: "a: b"
    provider:
      type: http
      method: POST
      url: "${lab}/api/faults"
      headers: {Content-Type: application/json}
      arguments: {target: payment, action: tickle, duration: 5s}
)",
                 "method[0].provider.arguments: ");
}

TEST(ActFaultsTest, OnlyAFaultThatAProbeFoundIsProven) {
  FaultState state;
  state.request.id = "f1";
  state.request.target = "payment";
  state.request.action = FaultAction::freeze;
  state.request.duration_ms = 1'000;
  state.phase = FaultPhase::not_proven;
  state.evidence = "it answers";
  http::Response answer;
  answer.status = 201;
  answer.body = json::to_text(to_json(state));
  const auto seen = fault_in_answer(answer);
  ASSERT_OK(seen);
  EXPECT_EQ(why_not_proven(*seen), "freeze of payment was not proven (it answers)");
  state.proven_at_ms = 1;
  EXPECT_EQ(why_not_proven(state), "");
}

TEST(ActFaultsTest, ARefusalIsAnErrorInTheAgentsWords) {
  const auto refused = fault_in_answer(http::problem(409, "held by lesson 2"));
  EXPECT_FAILS_WITH(refused, FaultErrc::failed);
  EXPECT_EQ(refused.error().message(), "held by lesson 2");
}

}  // namespace
}  // namespace hailstorm::lab
