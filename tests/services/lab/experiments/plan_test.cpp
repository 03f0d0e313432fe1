#include "services/lab/experiments/document/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

std::string document(const std::string& provider, const std::string& more = "") {
  return "title: t\ndescription: d\n"
         "configuration: {lab: {type: env, key: HAIL_LAB}, seconds: 15, share: 0.5, who: payment}\n"
         "secrets: {s: {auth: {type: env, key: HAIL_LAB_BEARER, default: none}}}\n" +
         more + "method:\n- {type: action, name: a, provider: {type: http, " + provider + "}}\n";
}

Result<ExperimentPlan> plan(const std::string& provider, const std::string& more = "") {
  const auto experiment = parse_experiment(document(provider, more), DocumentFormat::yaml);
  if (!experiment.ok()) return experiment.error();
  return plan_of(*experiment, {"127.0.0.1", 7408},
                 [](const std::string& name) -> std::optional<std::string> {
                   if (name == "HAIL_LAB") return "http://127.0.0.1:7408";
                   return {};
                 });
}

std::string refusal(const std::string& provider, const std::string& more = "") {
  const auto planned = plan(provider, more);
  return planned.ok() ? "" : planned.error().message();
}

TEST(PlanTest, ReplacesVariablesAndKeepsTheKindOfAWholeValue) {
  const auto planned = plan(
      "method: POST, url: \"${lab}/api/faults\", headers: {Content-Type: application/json, "
      "Authorization: \"${auth}\"}, arguments: {target: $who, duration: \"${seconds}s\", share: "
      "\"${share}\", price: $$5, list: [\"${seconds}\"]}");
  ASSERT_TRUE(planned.ok()) << planned.error().message();
  const auto& request = planned->method[0].request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/api/faults");
  EXPECT_EQ(request.headers.at("authorization"), "none");
  EXPECT_EQ(request.body,
            R"({"target":"payment","duration":"15s","share":0.5,"price":"$5","list":[15]})");
}

TEST(PlanTest, ArgumentsOfAGetAreItsQuery) {
  const auto planned = plan("url: \"${lab}/api/value/x?a=1\", arguments: {b: \"ü &\", n: 2}");
  ASSERT_TRUE(planned.ok()) << planned.error().message();
  EXPECT_EQ(planned->method[0].request.path, "/api/value/x?a=1&b=%C3%BC%20%26&n=2");
}

TEST(PlanTest, RequestsGoToTheApiOfThisLabAlone) {
  EXPECT_EQ(refusal("url: \"http://localhost:7408/api/state\""), "");
  for (const char* url : {"http://example.org/api/state", "http://127.0.0.1:7407/api/state",
                          "${lab}/processes", "http://127.0.0.1:7408@evil.org/api/",
                          "file:///etc/passwd", "https://127.0.0.1:7408/api/x"}) {
    EXPECT_THAT(refusal("url: \"" + std::string(url) + "\""),
                HasSubstr("line 6: method[0].provider.url: "))
        << url;
  }
}

TEST(PlanTest, AVariableThatIsNotThereIsNamed) {
  EXPECT_THAT(refusal("url: \"${labb}/api/state\""),
              HasSubstr("line 6: method[0].provider.url: ${labb} is neither in configuration"));
  EXPECT_THAT(refusal("method: POST, url: \"${lab}/api/faults\", headers: {Content-Type: "
                      "application/json}, arguments: {target: \"${whom}\"}"),
              HasSubstr("method[0].provider.arguments.target: ${whom}"));
}

TEST(PlanTest, AVariableOfTheEnvironmentMustBeSetOrHaveADefault) {
  const auto experiment = parse_experiment(document("url: x"), DocumentFormat::yaml);
  const auto planned = plan_of(*experiment, {"127.0.0.1", 7408},
                               [](const std::string&) { return std::optional<std::string>(); });
  EXPECT_EQ(planned.error().message(), "line 3: lab: HAIL_LAB is not set in the environment");
}

TEST(PlanTest, VariablesInTolerancesAreReplacedToo) {
  const auto planned = plan("url: \"${lab}/api/x\"",
                            "steady-state-hypothesis: {title: h, probes: [{type: probe, name: p, "
                            "tolerance: {type: jsonpath, target: body, path: '$.${who}', expect: "
                            "'${seconds}'}, provider: {type: http, url: '${lab}/api/y'}}]}\n");
  ASSERT_TRUE(planned.ok()) << planned.error().message();
  EXPECT_EQ(planned->probes[0].activity.tolerance->pattern, "$.payment");
  EXPECT_EQ(planned->probes[0].activity.tolerance->expect->integer(), 15);
}

}  // namespace
}  // namespace hailstorm::lab
