#include <gmock/gmock.h>
#include <string>
#include <vector>

#include "tests/services/lab/page/page_fixture.h"

/// What the lab answers for the page's files, to browsers and to others.
namespace hailstorm::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PageRoutesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { lab_ = std::make_unique<ServedLab>(); }
  static void TearDownTestSuite() { lab_.reset(); }

  static http::Response get(const std::string& path, const http::Headers& headers = {}) {
    return lab_->send("GET", path, headers, "");
  }

  static std::unique_ptr<ServedLab> lab_;
};
std::unique_ptr<ServedLab> PageRoutesTest::lab_;

TEST_F(PageRoutesTest, EachFileHasItsTypeAndAPolicyWithoutInlineScripts) {
  const std::vector<std::pair<const char*, const char*>> files = {
      {"/", "text/html"},
      {"/page/index.html", "text/html"},
      {"/page/style.css", "text/css"},
      {"/page/app.js", "text/javascript"},
      {"/page/vendor/lit-html/lit-html.js", "text/javascript"},
      {"/page/vendor/lit-html/LICENSE", "text/plain"}};
  for (const auto& [path, type] : files) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_THAT(answer.content_type, StartsWith(type)) << path;
    const std::string policy = answer.headers.at("Content-Security-Policy");
    EXPECT_THAT(policy, StartsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(answer.headers.at("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.headers.at("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("Cache-Control"), "no-cache");
  }
}

// A 304 has no length, and no body: this client waits for the end of the connection.
const std::pair<const std::string, std::string> kClose = {"Connection", "close"};

TEST_F(PageRoutesTest, AFileThatABrowserHasIsNotSentAgain) {
  const auto first = get("/page/app.js");
  const auto again = get("/page/app.js", {{"If-None-Match", first.headers.at("ETag")}, kClose});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.headers.at("ETag"), first.headers.at("ETag"));
  EXPECT_EQ(get("/page/app.js", {{"If-None-Match", "\"another\""}}).status, 200);
  EXPECT_NE(get("/page/model.js").headers.at("ETag"), first.headers.at("ETag"));
}

TEST_F(PageRoutesTest, NothingButThePageIsServed) {
  for (const char* path :
       {"/page/", "/page/CMakeLists.txt", "/page/page_files.cpp", "/page/../lab.cpp",
        "/page/%2e%2e/api/openapi.json", "/page//etc/passwd", "/page/panels", "/page/App.js",
        "/page/app.js%00.css", "/page/package.json", "/index.html"}) {
    const int status = get(path).status;
    EXPECT_TRUE(status == 404 || status == 400) << path << " " << status;
  }
  EXPECT_EQ(lab_->send("POST", "/", {{"Origin", lab_->url()}}).status, 405);
}

TEST_F(PageRoutesTest, ThePageIsAnsweredForOurNamesOnlyAndIsOpenToLookAt) {
  const std::string port = ":" + std::to_string(lab_->port());
  for (const char* path : {"/", "/page/app.js"}) {
    EXPECT_EQ(get(path, {{"Host", "evil.test" + port}}).status, 421) << path;
    EXPECT_EQ(get(path, {{"Host", "localhost" + port}}).status, 200) << path;
    EXPECT_EQ(get(path, {{"Host", "[::1]" + port}}).status, 200) << path;
    // A link on another site may lead here; the browser shows nothing of it to that site.
    EXPECT_EQ(get(path, {{"Sec-Fetch-Site", "cross-site"}}).status, 200) << path;
  }
}

TEST_F(PageRoutesTest, ANewLinkNeedsTheTokenAndOpensOneSession) {
  EXPECT_EQ(lab_->send("POST", "/api/keys", {}).status, 401);
  const auto url = *lab_->client().post("/api/keys", {}).value().find("url")->text();
  EXPECT_THAT(url, StartsWith(lab_->url() + "/#k="));
  const std::string key = json::to_text({{"key", url.substr(url.find('=') + 1)}});
  const auto opened = lab_->send("POST", "/api/session", {{"Origin", lab_->url()}}, key);
  EXPECT_EQ(opened.status, 201);
  EXPECT_EQ(lab_->send("POST", "/api/session", {{"Origin", lab_->url()}}, key).status, 401);
  std::string cookie = opened.headers.at("Set-Cookie");
  cookie = cookie.substr(0, cookie.find(';'));
  const auto asked = [&](const http::Headers& headers) {
    return get("/api/session", headers).body;
  };
  EXPECT_EQ(asked({{"Cookie", cookie}, {"Sec-Fetch-Site", "same-origin"}}),
            R"({"may_change":true})");
  EXPECT_EQ(asked({{"Cookie", cookie}}), R"({"may_change":false})");
  EXPECT_EQ(asked({}), R"({"may_change":false})");
}

}  // namespace
}  // namespace hailstorm::testing
