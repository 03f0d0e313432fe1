#include "tests/services/lab/serve/api_document.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "tests/support/await.h"
#include "tests/support/run_program.h"
#include "tests/support/served_lab.h"
#include "tests/support/temp_folder.h"

/// The running lab against its OpenAPI document.
namespace hailstorm::testing {
namespace {

class ApiDocumentTest : public ::testing::Test {
 protected:
  /// Of the parameters in a path; a fault that is on.
  std::string path_of(const ApiDocument::Operation& operation) {
    std::string path = operation.path;
    for (const auto& [name, value] : values_) {
      const size_t at = path.find("{" + name + "}");
      if (at != std::string::npos) path.replace(at, name.size() + 2, value);
    }
    EXPECT_EQ(path.find('{'), std::string::npos) << path << ": give its parameter a value here";
    return path;
  }

  void freeze_analytics() {
    const auto fault = lab_.client().post(
        "/api/faults", {{"target", "analytics"}, {"action", "freeze"}, {"duration", "60s"}});
    ASSERT_TRUE(fault.ok()) << fault.error().message();
    values_["id"] = *fault->find("id")->text();
  }

  void poison_a_topic() {
    const auto fault =
        lab_.client().post("/api/faults", {{"target", "ride_matched"},
                                           {"action", "poison"},
                                           {"duration", "1s"},
                                           {"attributes", {{"kind", "undecodable"}}}});
    ASSERT_TRUE(fault.ok()) << fault.error().message();
    const auto letters = [this] { return lab_.client().get("/api/dead-letters"); };
    ASSERT_TRUE(await([&] {
      const auto all = letters();
      return all.ok() && !all->find("dead_letters")->elements()->empty();
    }));
    std::string id =
        *letters().value().find("dead_letters")->elements()->front().find("id")->text();
    std::replace(id.begin(), id.end(), '/', '-');
    values_["letter"] = id;
  }

  std::string body_of(const ApiDocument::Operation& operation) {
    if (operation.path == "/api/session") {
      const std::string output = lab_.output();
      return R"({"key":")" + output.substr(output.find("#k=") + 3, 64) + "\"}";
    }
    return operation.example() == nullptr ? "" : json::to_text(*operation.example());
  }

  http::Headers bearer() { return {{"Authorization", lab_.bearer()}}; }

  /// Expects `status`, as the document has it.
  void expect(int status, const ApiDocument::Operation& operation, const http::Headers& headers,
              const std::string& body) {
    expect(std::set<int>{status}, operation, headers, body);
  }
  /// Expects what is asked for. A run that was stopped before it began has no report.
  void expect_success(const ApiDocument::Operation& operation) {
    std::set<int> statuses = {operation.success()};
    if (operation.path.ends_with("/report")) statuses.insert(404);
    expect(statuses, operation, bearer(), body_of(operation));
  }
  void expect(const std::set<int>& statuses, const ApiDocument::Operation& operation,
              const http::Headers& headers, const std::string& body) {
    const auto response = lab_.send(operation.method, path_of(operation), headers, body);
    EXPECT_TRUE(statuses.contains(response.status))
        << response.status << " for " << operation.name() << " " << body << response.body;
    for (const auto& complaint : document_.check(operation, response)) {
      ADD_FAILURE() << operation.name() << " " << response.status << ": " << complaint;
    }
    if (response.status == 202) follow_run(operation, response);
  }

  /// The next requests are about this run; the next run can begin when this one has ended.
  void follow_run(const ApiDocument::Operation& operation, const http::Response& response) {
    if (operation.method == "POST") {
      const std::map<std::string, std::string> kinds = {
          {"/api/blast", "blast"}, {"/api/experiments", "experiment"}, {"/api/storms", "storm"}};
      values_[kinds.at(operation.path)] = *json::parse(response.body).value().find("id")->text();
      return;
    }
    EXPECT_TRUE(await([&] {
      const auto run = lab_.client().get(path_of(operation));
      return run.ok() && *run->find("state")->text() == "stopped";
    })) << response.body;
  }

  const ServedLab lab_;
  ApiDocument document_;
  std::map<std::string, std::string> values_ = {{"group", "payment"},
                                                {"path", "processes.payment.lag"},
                                                {"lesson", "1-a-service-dies"},
                                                {"file", "redelivery"}};
};

TEST_F(ApiDocumentTest, EveryRouteIsInTheDocumentAndEveryPathOfItIsServed) {
  std::set<std::string> served;
  const auto index = lab_.client().get("/api").value();
  for (const auto& route : *index.find("routes")->elements()) {
    served.insert(*route.find("method")->text() + " " + *route.find("path")->text());
  }
  std::set<std::string> documented;
  for (const auto& operation : document_.operations()) documented.insert(operation.name());
  EXPECT_EQ(served, documented);
}

TEST_F(ApiDocumentTest, EveryAnswerIsAsTheDocumentSays) {
  poison_a_topic();
  values_["ride"] = lab_.ask_for_a_ride("anna");
  for (int i = 1; i < 8; ++i) (void)lab_.ask_for_a_ride("rider-" + std::to_string(i));
  freeze_analytics();
  for (const auto& operation : document_.operations()) {
    expect_success(operation);
  }
}

TEST_F(ApiDocumentTest, EveryRefusalIsAsTheDocumentSays) {
  values_["id"] = "nothing";
  values_["group"] = "nothing";
  values_["path"] = "nothing";
  values_["letter"] = "0-999999";
  values_["ride"] = "nothing";
  values_["experiment"] = "nothing";
  values_["blast"] = "nothing";
  values_["storm"] = "nothing";
  values_["lesson"] = "nothing";
  values_["file"] = "nothing";
  for (const auto& operation : document_.operations()) {
    auto headers = bearer();
    headers["Host"] = "evil.test";
    expect(421, operation, headers, body_of(operation));
    if (operation.path.ends_with('}')) expect(404, operation, bearer(), "{}");
    if (!operation.changes()) continue;
    if (operation.has_status(401)) expect(401, operation, {}, R"({"key":"no"})");
    headers = bearer();
    headers["Sec-Fetch-Site"] = "cross-site";
    expect(403, operation, headers, body_of(operation));
    headers = bearer();
    headers["Content-Type"] = "text/plain";
    expect(415, operation, headers, body_of(operation));
    if (operation.example() == nullptr) continue;
    expect(400, operation, bearer(), "{");
    expect(422, operation, bearer(), R"({"key":7,"rate":"fast","duration":7,"to":7,"ids":7})");
  }
}

TEST_F(ApiDocumentTest, AForeignCheckerFindsTheAnswersValid) {
  if (run_program({"/usr/bin/python3", "-c", "import jsonschema"}).exit_code != 0) {
    GTEST_SKIP() << "python3-jsonschema is not installed";
  }
  poison_a_topic();
  values_["ride"] = lab_.ask_for_a_ride("anna");
  for (int i = 1; i < 8; ++i) (void)lab_.ask_for_a_ride("rider-" + std::to_string(i));
  freeze_analytics();
  for (const auto& operation : document_.operations()) {
    expect_success(operation);
    expect(421, operation, {{"Host", "evil.test"}}, "");
  }
  const TempFolder folder;
  const std::string schema = folder.path() / "schema.json";
  std::ofstream(schema) << json::to_text(document_.schema_of_noted());
  const auto judged = [&](const json::Value& answers) {
    const std::string file = folder.path() / "answers.json";
    std::ofstream(file) << json::to_text(answers);
    return run_program({"/usr/bin/python3", "-m", "jsonschema", "-i", file, schema});
  };
  const auto result = judged(document_.noted());
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  json::Value wrong = json::Value::array();
  wrong.push_back({{"routes", 7}});
  EXPECT_NE(judged(wrong).exit_code, 0) << "it must see what is wrong, too";
}

}  // namespace
}  // namespace hailstorm::testing
