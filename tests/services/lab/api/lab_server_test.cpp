#include "services/lab/api/lab_server.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "common/json/json.h"
#include "services/lab/api/answers.h"
#include "tests/support/free_ports.h"
#include "tests/support/raw_client.h"

namespace hailstorm::lab {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

/// A lab with one read and three changes, which counts the changes that it lets through.
class LabServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.on_read("GET", "/api/things/{id}", [](const http::Request& request) {
      return answer(json::Value{{"id", request.captures.at(0)}});
    });
    const auto change = [this](const http::Request& request) {
      if (request.method == "PUT") return answer(body_of(request));
      ++changes_;
      return answer(json::Value{{"changed", true}});
    };
    server_.on_change("POST", "/api/things", change);
    server_.on_change("PUT", "/api/things/{id}", change);
    server_.on_change("DELETE", "/api/things/{id}", change);
    ASSERT_TRUE(server_.start().ok());
  }

  http::Response send(const std::string& method, const std::string& path, http::Headers headers,
                      std::string body = "{}") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    request.headers.emplace("Content-Type", "application/json");
    if (method != "GET") request.body = std::move(body);
    auto response = client_.send(request);
    return response.ok() ? *response : http::Response{0, response.error().message(), "", {}};
  }

  /// The cookie of a new session, as a browser shows it.
  std::string cookie() {
    const json::Value body = {{"key", server_.make_key()}};
    const auto opened = send("POST", "/api/session", {}, json::to_text(body));
    const std::string set = opened.headers.at("Set-Cookie");
    return set.substr(0, set.find(';'));
  }

  const int port_ = testing::free_port();
  const std::string here_ = "http://127.0.0.1:" + std::to_string(port_);
  LabServer server_{{.port = port_}, kToken};
  http::Client client_{{"127.0.0.1", port_}, 5'000};
  int changes_ = 0;
};

struct Case {
  const char* what;
  http::Headers headers;
  int read_status;
  int change_status;
};

TEST_F(LabServerTest, ReadingIsFreeAndAChangeNeedsTheTokenOrASessionOfOurOwnPage) {
  const std::string bearer = "Bearer " + kToken;
  const std::string session = cookie();
  const std::vector<Case> cases = {
      {"nothing", {}, 200, 401},
      {"the token", {{"Authorization", bearer}}, 200, 200},
      {"another token", {{"Authorization", "Bearer 0123456789abcdef0123456789abcdee"}}, 200, 401},
      {"an empty token", {{"Authorization", "Bearer "}}, 200, 401},
      {"the session of a program", {{"Cookie", session}}, 200, 401},
      {"the session, same origin",
       {{"Cookie", session}, {"Sec-Fetch-Site", "same-origin"}},
       200,
       200},
      {"the session, our Origin", {{"Cookie", session}, {"Origin", here_}}, 200, 200},
      {"the session among other cookies",
       {{"Cookie", "theme=dark; " + session + "; a=b"}, {"Origin", here_}},
       200,
       200},
      {"an empty session",
       {{"Cookie", "hail_lab_" + std::to_string(port_) + "="}, {"Origin", here_}},
       200,
       401},
      {"another session",
       {{"Cookie", "hail_lab_" + std::to_string(port_) + "=" + kToken}, {"Origin", here_}},
       200,
       401},
      {"the session, another Origin",
       {{"Cookie", session}, {"Origin", "http://evil.test"}},
       200,
       403},
      {"the session, another port's Origin",
       {{"Cookie", session}, {"Origin", "http://127.0.0.1:1"}},
       200,
       403},
      {"the session, Origin null", {{"Cookie", session}, {"Origin", "null"}}, 200, 403},
      {"the session, same site", {{"Cookie", session}, {"Sec-Fetch-Site", "same-site"}}, 200, 403},
      {"the session, cross-site",
       {{"Cookie", session}, {"Sec-Fetch-Site", "cross-site"}},
       200,
       403},
      {"the session, site none", {{"Cookie", session}, {"Sec-Fetch-Site", "none"}}, 200, 403},
      {"the token from another site",
       {{"Authorization", bearer}, {"Sec-Fetch-Site", "cross-site"}},
       200,
       403},
      {"our page without a session", {{"Sec-Fetch-Site", "same-origin"}}, 200, 401},
      {"a name that leads here", {{"Host", "evil.test"}, {"Authorization", bearer}}, 421, 421},
      {"localhost", {{"Host", "localhost"}, {"Authorization", bearer}}, 200, 200},
  };
  for (const auto& one : cases) {
    const int before = changes_;
    EXPECT_EQ(send("GET", "/api/things/7", one.headers).status, one.read_status) << one.what;
    EXPECT_EQ(send("GET", "/api", one.headers).status, one.read_status) << one.what;
    EXPECT_EQ(send("POST", "/api/things", one.headers).status, one.change_status) << one.what;
    EXPECT_EQ(send("PUT", "/api/things/7", one.headers).status, one.change_status) << one.what;
    EXPECT_EQ(send("DELETE", "/api/things/7", one.headers).status, one.change_status) << one.what;
    EXPECT_EQ(changes_ - before, one.change_status == 200 ? 2 : 0) << one.what;
  }
}

TEST_F(LabServerTest, ARequestWithoutAHostIsMisdirected) {
  EXPECT_NE(testing::answer_to(port_, "GET /api HTTP/1.0\r\n\r\n").find(" 421 "),
            std::string::npos);
}

TEST_F(LabServerTest, OnlyJsonChangesSomething) {
  const http::Headers form = {{"Authorization", "Bearer " + kToken},
                              {"Content-Type", "application/x-www-form-urlencoded"}};
  EXPECT_EQ(send("POST", "/api/things", form, "a=b").status, 415);
  const http::Headers plain = {{"Authorization", "Bearer " + kToken},
                               {"Content-Type", "text/plain"}};
  EXPECT_EQ(send("POST", "/api/session", plain, "{}").status, 415);
  EXPECT_EQ(changes_, 0);
}

TEST_F(LabServerTest, AKeyOpensOneSession) {
  const json::Value body = {{"key", server_.make_key()}};
  const auto first = send("POST", "/api/session", {}, json::to_text(body));
  EXPECT_EQ(first.status, 201);
  const std::string cookie = first.headers.at("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("hail_lab_" + std::to_string(port_) + "="));
  EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
  EXPECT_EQ(cookie.find(kToken), std::string::npos);
  EXPECT_EQ(send("POST", "/api/session", {}, json::to_text(body)).status, 401);
  EXPECT_EQ(send("POST", "/api/session", {}, R"({"key":""})").status, 401);
  EXPECT_EQ(send("POST", "/api/session", {}, R"({"key":7})").status, 422);
  EXPECT_EQ(send("POST", "/api/session", {}, R"({})").status, 422);
}

TEST_F(LabServerTest, HostileBodiesAreRefusedByName) {
  const http::Headers bearer = {{"Authorization", "Bearer " + kToken}};
  EXPECT_EQ(send("PUT", "/api/things/7", bearer, "{").status, 400);
  EXPECT_EQ(send("PUT", "/api/things/7", bearer, std::string(1'000, '[')).status, 400);
  EXPECT_EQ(send("PUT", "/api/things/7", bearer, std::string("\0\xff", 2)).status, 400);
  EXPECT_EQ(send("PUT", "/api/things/7", bearer, std::string(100'000, ' ')).status, 413);
}

TEST_F(LabServerTest, NoAnswerLetsAnotherSiteReadIt) {
  for (const char* origin : {"http://evil.test", here_.c_str()}) {
    for (const char* method : {"GET", "OPTIONS", "HEAD"}) {
      const auto response = send(method, "/api/things/7", {{"Origin", origin}});
      for (const auto& [name, value] : response.headers) {
        EXPECT_FALSE(name.starts_with("Access-Control-")) << method << " " << name;
      }
    }
  }
  EXPECT_EQ(send("GET", "/api/things/7", {}).headers.at("Cross-Origin-Resource-Policy"),
            "same-origin");
}

TEST_F(LabServerTest, TheIndexNamesEveryRoute) {
  const auto index = json::parse(send("GET", "/api", {}).body);
  ASSERT_TRUE(index.ok());
  EXPECT_EQ(index->find("routes")->elements()->size(), server_.routes().size());
  EXPECT_EQ(server_.routes().size(), 7U);
}

}  // namespace
}  // namespace hailstorm::lab
