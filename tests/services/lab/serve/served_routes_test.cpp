#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/served_lab.h"

/// What every route of the running lab refuses.
namespace hailstorm::testing {
namespace {

struct Route {
  std::string method;
  std::string path;

  [[nodiscard]] bool reads() const { return method == "GET"; }
};

class ServedRoutesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    lab = std::make_unique<ServedLab>();
    const auto index = lab->client().get("/api").value();
    for (const auto& one : *index.find("routes")->elements()) {
      Route route{*one.find("method")->text(), *one.find("path")->text()};
      for (size_t at = 0; (at = route.path.find('{')) != std::string::npos;) {
        route.path.replace(at, route.path.find('}') - at + 1, "x");
      }
      routes.push_back(std::move(route));
    }
  }
  static void TearDownTestSuite() {
    routes.clear();
    lab.reset();
  }

  static std::unique_ptr<ServedLab> lab;
  static std::vector<Route> routes;
};
std::unique_ptr<ServedLab> ServedRoutesTest::lab;
std::vector<Route> ServedRoutesTest::routes;

struct Refused {
  const char* what;
  http::Headers headers;
  int read_status;  // 0: a read is free
  int change_status;
};

TEST_F(ServedRoutesTest, EveryRouteRefusesWhatIsNotOurs) {
  const std::string bearer = lab->bearer();
  const std::string here = lab->url();
  const std::string cookie = "hail_lab_" + std::to_string(lab->port()) + "=";
  const std::vector<Refused> cases = {
      {"nothing", {}, 0, 401},
      {"another token", {{"Authorization", bearer + "0"}}, 0, 401},
      {"the token as a password", {{"Authorization", "Basic " + bearer.substr(7)}}, 0, 401},
      {"our page without a session", {{"Sec-Fetch-Site", "same-origin"}}, 0, 401},
      {"a made-up session", {{"Origin", here}, {"Cookie", cookie + bearer.substr(7)}}, 0, 401},
      {"a program with a session", {{"Cookie", cookie + "x"}}, 0, 401},
      {"another Origin", {{"Authorization", bearer}, {"Origin", "http://evil.test"}}, 0, 403},
      {"another port", {{"Authorization", bearer}, {"Origin", "http://127.0.0.1:3000"}}, 0, 403},
      {"Origin null", {{"Authorization", bearer}, {"Origin", "null"}}, 0, 403},
      {"same-site", {{"Authorization", bearer}, {"Sec-Fetch-Site", "same-site"}}, 0, 403},
      {"cross-site", {{"Authorization", bearer}, {"Sec-Fetch-Site", "cross-site"}}, 0, 403},
      {"cross-site, our Origin",
       {{"Authorization", bearer}, {"Origin", here}, {"Sec-Fetch-Site", "cross-site"}},
       0,
       403},
      {"a form", {{"Authorization", bearer}, {"Content-Type", "multipart/form-data"}}, 0, 415},
      {"a name that leads here", {{"Authorization", bearer}, {"Host", "evil.test"}}, 421, 421},
      {"such a name with our port",
       {{"Authorization", bearer}, {"Host", "evil.test:" + std::to_string(lab->port())}},
       421,
       421},
  };
  ASSERT_GT(routes.size(), 10U);
  for (const auto& route : routes) {
    // A key needs no token beside it: it is asked for below.
    const bool is_open = route.path == "/api/session";
    for (const auto& one : cases) {
      if (route.path == "/api/stream" && one.read_status == 0) continue;  // refuses other sites
      const auto response = lab->send(route.method, route.path, one.headers);
      const std::string where = route.method + " " + route.path + ": " + one.what;
      if (route.reads() && one.read_status == 0) {
        EXPECT_NE(response.status, 401) << where;
        EXPECT_NE(response.status, 403) << where;
      } else if (!(is_open && one.change_status == 401)) {
        EXPECT_EQ(response.status, route.reads() ? one.read_status : one.change_status) << where;
      }
      for (const auto& [name, value] : response.headers) {
        EXPECT_FALSE(name.starts_with("Access-Control-")) << where << " " << name;
      }
    }
  }
}

TEST_F(ServedRoutesTest, AReadIsNoWayToChangeSomething) {
  for (const auto& route : routes) {
    if (route.reads()) continue;
    const auto response =
        lab->send("GET", route.path, {{"X-HTTP-Method-Override", route.method}}, "");
    // Or another resource has such a path: /api/faults/reset is no fault.
    EXPECT_TRUE(response.status == 405 || response.status == 404 || response.status == 422 ||
                response.status == 200)
        << route.path << " " << response.status;
  }
  EXPECT_EQ(json::to_text(lab->client().get("/api/value/faults.on").value()), "0");
  EXPECT_EQ(json::to_text(lab->client().get("/api/value/traffic.running").value()), "0");
}

TEST_F(ServedRoutesTest, HostileBodiesAreRefusedAndTheLabGoesOn) {
  const http::Headers bearer = {{"Authorization", lab->bearer()}};
  const std::vector<std::string> bodies = {
      "",
      "{",
      "null",
      "[]",
      "7",
      "\"x\"",
      std::string(5'000, '['),
      std::string("\0", 1),
      "\xff\xfe{}",
      R"({"target":7,"action":[],"duration":{},"rate":[],"lanes":{},"ids":7})",
      R"({"target":"payment","action":"kill","duration":"-5s","rate":-1,"to":""})",
      R"({"target":"../../etc","action":"kill","duration":"1s","rate":1e300,"to":"never"})",
      R"({"target":"payment","action":"kill\u0000","duration":"1s","lanes":[null]})"};
  for (const auto& route : routes) {
    const bool takes_none = route.path.ends_with("reset") || route.path == "/api/keys";
    if (route.reads() || route.method == "DELETE" || takes_none) continue;
    for (const auto& body : bodies) {
      const auto response = lab->send(route.method, route.path, bearer, body);
      EXPECT_GE(response.status, 400) << route.path << " " << body;
      EXPECT_LT(response.status, 500) << route.path << " " << body;
    }
    const std::string large(70'000, ' ');
    EXPECT_EQ(lab->send(route.method, route.path, bearer, large).status, 413) << route.path;
  }
  EXPECT_EQ(json::to_text(lab->client().get("/api/value/faults.on").value()), "0");
}

TEST_F(ServedRoutesTest, ASessionOfOurPageMayChangeSomething) {
  const std::string output = lab->output();
  const std::string key = output.substr(output.find("#k=") + 3, 64);
  const json::Value body = {{"key", key}};
  const auto opened =
      lab->send("POST", "/api/session", {{"Origin", lab->url()}}, json::to_text(body));
  ASSERT_EQ(opened.status, 201) << opened.body;
  std::string cookie = opened.headers.at("Set-Cookie");
  cookie = cookie.substr(0, cookie.find(';'));
  const http::Headers page = {{"Cookie", cookie}, {"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(lab->send("POST", "/api/faults/reset", page).status, 200);
  EXPECT_EQ(lab->send("POST", "/api/faults/reset", {{"Cookie", cookie}}).status, 401);
  EXPECT_EQ(lab->send("POST", "/api/session", {}, json::to_text(body)).status, 401);
}

}  // namespace
}  // namespace hailstorm::testing
