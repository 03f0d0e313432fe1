#include "common/http/web_guard.h"

#include <gtest/gtest.h>

namespace hailstorm::http {
namespace {

const WebGuard kGuard({"gateway", "Rides.Example"});

int status_of(const std::string& method, const std::string& authority, Headers headers) {
  ReceivedRequest received;
  received.request.method = method;
  received.request.headers = std::move(headers);
  received.authority = authority;
  auto refused = kGuard.check_site(received);
  if (!refused) refused = WebGuard::check_type(received.request);
  return refused ? refused->status : 0;
}

int status_of_post(Headers headers) {
  headers.emplace("Content-Type", "application/json");
  return status_of("POST", "localhost:7402", std::move(headers));
}

// A page whose name its owner points at 127.0.0.1 (DNS rebinding) still sends its name.
TEST(WebGuardTest, AnswersForItsOwnNamesAndAddressesAlone) {
  for (const char* own :
       {"localhost", "LOCALHOST:7402", "a.localhost:1", "127.0.0.1", "10.0.0.1:80", "[::1]:7402",
        "gateway:7402", "GATEWAY", "rides.example"}) {
    EXPECT_EQ(status_of("GET", own, {}), 0) << own;
  }
  for (const char* other :
       {"evil.example", "evil.example:7402", "localhost.evil.example", "gateways",
        "127.0.0.1.evil.example", "127.1", "[::zz]", "localhost.", "1.2.3.4.5"}) {
    EXPECT_EQ(status_of("GET", other, {}), 421) << other;
  }
  EXPECT_EQ(status_of("GET", "", {}), 0) << "HTTP/1.0 names none, and no browser speaks it";
}

TEST(WebGuardTest, RequestsThatChangeSomethingAreRefusedFromOtherSites) {
  EXPECT_EQ(status_of_post({}), 0);
  EXPECT_EQ(status_of_post({{"Origin", "http://localhost:7402"}}), 0);
  EXPECT_EQ(status_of_post({{"Sec-Fetch-Site", "same-origin"}}), 0);
  for (const char* origin : {"null", "http://evil.example", "https://localhost:7402", "",
                             "http://localhost:7403", "http://localhost"}) {
    EXPECT_EQ(status_of_post({{"Origin", origin}}), 403) << origin;
  }
  for (const char* site : {"cross-site", "same-site", "none", ""}) {
    EXPECT_EQ(status_of_post({{"Sec-Fetch-Site", site}}), 403) << site;
  }
  EXPECT_EQ(status_of("GET", "localhost", {{"Origin", "http://evil.example"}}), 0)
      << "it cannot read the answer";
}

// What a form can send without asking first: text/plain, url-encoded, multipart.
TEST(WebGuardTest, RequestsThatChangeSomethingMustBeJson) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "BREW"}) {
    EXPECT_EQ(status_of(method, "localhost", {}), 415) << method;
    EXPECT_EQ(status_of(method, "localhost", {{"Content-Type", "text/plain"}}), 415) << method;
    EXPECT_EQ(status_of(method, "localhost", {{"Content-Type", "Application/JSON ;charset=utf-8"}}),
              0);
  }
  EXPECT_EQ(status_of("POST", "localhost", {{"Content-Type", "text/plain;application/json"}}), 415);
  EXPECT_EQ(status_of("OPTIONS", "localhost", {}), 0);
}

}  // namespace
}  // namespace hailstorm::http
