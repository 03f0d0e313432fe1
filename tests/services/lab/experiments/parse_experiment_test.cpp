#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "services/lab/experiments/document/experiment.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kWhole = R"(
title: Payment freezes and nobody else notices
description: The event lane accepts every ride.
tags: [freeze]
configuration:
  lab: {type: env, key: HAIL_LAB, default: "http://127.0.0.1:7408"}
  share: 0.999
secrets:
  lab: {auth: {type: env, key: HAIL_LAB_BEARER}}
runtime: {hypothesis: {strategy: continuously}, rollbacks: {strategy: always}}
steady-state-hypothesis:
  title: rides are accepted
  probes:
    - type: probe
      name: accepted
      tolerance: {type: range, target: body, range: [0.999, 1.0]}
      provider: {type: http, url: "${lab}/api/value/lanes.log.accepted_ratio"}
    - type: probe
      name: nothing is lost
      tolerance: {type: range, target: body, range: [0, 0]}
      provider: {type: http, url: "${lab}/api/value/audit.log.lost"}
method:
  - type: action
    name: freeze payment
    background: true
    pauses: {before: 1, after: 2.5}
    provider:
      type: http
      method: POST
      url: "${lab}/api/faults"
      headers: {Content-Type: application/json, Authorization: "${auth}"}
      secrets: [lab]
      timeout: 5
      arguments: {target: payment, action: freeze, duration: 15s}
rollbacks: []
extensions:
  - {name: other, anything: [1]}
  - name: hailstorm
    seed: 7
    every: 0.5
    traffic: {rate: 20, lanes: [log]}
    predict: {blast: {chain: hurt, "*": calm}}
    unsafe: {notification: [no-inbox]}
    flush: interval
    when: {nothing is lost: [after]}
)";

Result<Experiment> parsed(const std::string& text) {
  return parse_experiment(text, DocumentFormat::yaml);
}

/// kWhole with the first `from` replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text = kWhole;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& from, const std::string& to) {
  const auto experiment = parsed(with(from, to));
  return experiment.ok() ? "" : experiment.error().message();
}

TEST(ParseExperimentTest, ReadsAllThatItRuns) {
  const auto experiment = parsed(kWhole);
  ASSERT_TRUE(experiment.ok()) << experiment.error().message();
  EXPECT_EQ(experiment->hypothesis, "rides are accepted");
  ASSERT_EQ(experiment->probes.size(), 2U);
  ASSERT_EQ(experiment->method.size(), 1U);
  const Activity& freeze = experiment->method[0];
  EXPECT_EQ(freeze.kind, ActivityKind::action);
  EXPECT_EQ(freeze.method, "POST");
  EXPECT_TRUE(freeze.background);
  EXPECT_EQ(freeze.before_s, 1);
  EXPECT_EQ(freeze.after_s, 2.5);
  EXPECT_EQ(freeze.timeout_s, 5);
  EXPECT_EQ(freeze.arguments.find("duration")->text()[0], "15s");
  const HailstormExtension& ours = experiment->hailstorm;
  EXPECT_EQ(ours.seed, 7);
  EXPECT_EQ(ours.every_s, 0.5);
  EXPECT_EQ(ours.traffic->rate, 20);
  EXPECT_THAT(ours.traffic->lanes, ElementsAre("log"));
  EXPECT_EQ(ours.predictions.at("*"), "calm");
  EXPECT_THAT(ours.unsafe.at("notification"), ElementsAre("no-inbox"));
  EXPECT_TRUE(ours.needs_own_platform());
  EXPECT_EQ(experiment->moments_of(experiment->probes[0]).size(), 3U);
  EXPECT_THAT(experiment->moments_of(experiment->probes[1]), ElementsAre(Moment::after));
}

TEST(ParseExperimentTest, TheSameInJsonIsTheSame) {
  const auto yaml = parsed(kWhole);
  const auto again =
      parse_experiment(json::to_text(yaml->document, json::Layout::indented), DocumentFormat::json);
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(json::to_text(again->document), json::to_text(yaml->document));
}

TEST(ParseExperimentTest, WhatIsNotRunIsRefusedByNameAndLine) {
  EXPECT_EQ(
      refusal("type: http, url", "type: python, url"),
      "line 17: steady-state-hypothesis.probes[0].provider.type: is \"python\": only http, to "
      "the lab's API, is run here");
  EXPECT_THAT(refusal("      type: http\n", "      type: process\n"),
              HasSubstr("line 28: method[0].provider.type: is \"process\""));
  EXPECT_THAT(refusal("rollbacks: []", "controls: []"), HasSubstr("line 35: controls: runs code"));
  EXPECT_THAT(refusal("background: true", "controls: []"),
              HasSubstr("line 25: method[0].controls: runs code"));
  EXPECT_THAT(refusal("name: freeze payment", "ref: accepted"),
              HasSubstr("line 24: method[0].ref: is not followed"));
  EXPECT_THAT(refusal("share: 0.999", "share: {type: vault, key: x}"),
              HasSubstr("line 7: configuration.share.type: is \"vault\""));
  EXPECT_THAT(refusal("auth: {type: env", "auth: {type: vault"),
              HasSubstr("line 9: secrets.lab.auth.type: is \"vault\""));
  EXPECT_THAT(refusal("tags: [freeze]", "templates: []"),
              HasSubstr("line 4: templates: is not known here"));
  EXPECT_THAT(refusal("timeout: 5", "max_retries: 5"),
              HasSubstr("method[0].provider.max_retries: is not known here"));
}

TEST(ParseExperimentTest, WhatIsMissingOrOfTheWrongKindIsRefusedByNameAndLine) {
  EXPECT_EQ(refusal("description: The event lane accepts every ride.\n", ""),
            "line 2: description: is missing");
  EXPECT_THAT(refusal("title: rides are accepted\n", "title: ''\n"),
              HasSubstr("steady-state-hypothesis.title: is empty"));
  EXPECT_THAT(refusal("      tolerance: {type: range, target: body, range: [0.999, 1.0]}\n", ""),
              HasSubstr("probes[0].tolerance: is missing"));
  EXPECT_THAT(refusal("method: POST", "method: PATCH"), HasSubstr("give one of GET, POST"));
  EXPECT_THAT(refusal("before: 1", "before: -1"),
              HasSubstr("line 26: method[0].pauses.before: is -1: give 0 to 3600"));
  EXPECT_THAT(refusal("background: true", "background: 1"),
              HasSubstr("line 25: method[0].background: is a number, not true or false"));
  EXPECT_THAT(refusal("Content-Type: application/json", "content-type: application/json"),
              HasSubstr("method[0].provider.arguments: need the header Content-Type"));
  EXPECT_THAT(refusal("method:\n", "method: none\nx:\n"),
              HasSubstr("method: is a text, not a list"));
  EXPECT_EQ(parsed("[]").error().message(), "line 1: is a list, not a map");
}

TEST(ParseExperimentTest, ItsOwnExtensionIsReadStrictly) {
  EXPECT_THAT(refusal("seed: 7", "sed: 7"), HasSubstr("extensions[1].sed: is not known here"));
  EXPECT_THAT(refusal("rate: 20", "rate: 0"), HasSubstr("traffic.rate: is 0: give 0.1 to 10000"));
  EXPECT_THAT(refusal("[log]}", "[air]}"), HasSubstr("traffic.lanes: has \"air\" in it"));
  EXPECT_THAT(refusal("chain: hurt", "chain: sad"), HasSubstr("predict.blast.chain: is \"sad\""));
  EXPECT_THAT(refusal("[after]", "[later]"), HasSubstr("has \"later\" in it"));
  EXPECT_THAT(refusal("{nothing is lost: [", "{nothing: ["), HasSubstr("has no such probe"));
  EXPECT_THAT(refusal("flush: interval", "flush: never"), HasSubstr("give one of always"));
}

TEST(ParseExperimentTest, BackgroundActivitiesAreBounded) {
  std::string method = "method:\n";
  for (int i = 0; i < 17; ++i) {
    method += "- {type: action, name: a, background: true, provider: {type: http, url: x}}\n";
  }
  EXPECT_THAT(parsed("title: t\ndescription: d\n" + method).error().message(),
              HasSubstr("line 4: method: has 17 activities in the background; 16 may be"));
}

}  // namespace
}  // namespace hailstorm::lab
