#include "common/http/http.h"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "common/http/client.h"
#include "common/http/server.h"
#include "tests/support/matchers.h"

namespace hailstorm::http {
namespace {

Response text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

/// The first bytes that come back for these, sent as they are; nothing after two seconds.
std::string answer_to(int port, std::string_view bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{.tv_sec = 2, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer(4096, 0);
  ssize_t got = -1;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size())) {
    got = ::recv(fd, answer.data(), answer.size(), 0);
  }
  ::close(fd);
  answer.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return answer;
}

class HttpTest : public ::testing::Test {
 protected:
  void serve() { ASSERT_OK(server_.start()); }
  Client client(int timeout_ms = 2000) { return Client({"127.0.0.1", server_.port()}, timeout_ms); }

  Server server_{{.max_body_bytes = 1024}};
};

TEST_F(HttpTest, RoutesByPathAndHandsOverWhatTheGroupsMatched) {
  server_.route("GET", "/rides/([^/]+)", [](const Request& r) { return text(r.captures.at(0)); });
  serve();
  auto answer = client().get("/rides/42");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->body, "42");
}

TEST_F(HttpTest, UnknownPathIsAProblem) {
  serve();
  auto answer = client().get("/nowhere");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->content_type, "application/problem+json");
  EXPECT_NE(answer->body.find("/nowhere"), std::string::npos);
}

TEST_F(HttpTest, BodyOverTheLimitIsAProblem) {
  server_.route("POST", "/echo", [](const Request& r) { return text(r.body); });
  serve();
  auto answer = client().post("/echo", std::string(2000, 'x'));
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_NE(answer->body.find("1024"), std::string::npos);
  EXPECT_NE(answer->body.find(R"("field":"body")"), std::string::npos);
}

TEST_F(HttpTest, FormsThatTheLibraryRefusesAreOfAWrongType) {
  server_.route("POST", "/echo", [](const Request& r) { return text(r.body); });
  serve();
  for (const char* type : {"multipart/form-data", "application/x-www-form-urlencoded"}) {
    auto answer = client().post("/echo", std::string(9000, 'x'), {{"Content-Type", type}});
    ASSERT_OK(answer);
    EXPECT_EQ(answer->status, 415) << type;
    EXPECT_NE(answer->body.find(R"("field":"Content-Type")"), std::string::npos) << answer->body;
  }
}

TEST_F(HttpTest, ABodyWithoutALengthIsRefusedAtOnce) {
  server_.route("POST", "/echo", [](const Request& r) { return text(r.body); });
  serve();
  const std::string answer = answer_to(server_.port(), "POST /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 411")) << answer;
  EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << answer;
}

TEST_F(HttpTest, WhatAHandlerThrowsIsNotShown) {
  server_.route("GET", "/", [](const Request&) -> Response { throw std::runtime_error("secret"); });
  serve();
  auto answer = client().get("/");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.find("secret"), std::string::npos);
}

TEST_F(HttpTest, APortInUseIsRefusedByName) {
  serve();
  Server second({.port = server_.port()});
  EXPECT_FAILS_WITH(second.start(), HttpErrc::address_in_use);
}

TEST_F(HttpTest, ASilentServerIsATimeoutAndADeadOneIsNot) {
  std::promise<void> release;
  auto released = release.get_future().share();
  server_.route("GET", "/slow", [released](const Request&) {
    released.wait();
    return text("late");
  });
  serve();
  EXPECT_FAILS_WITH(client(50).get("/slow"), HttpErrc::timeout);
  release.set_value();
  auto dead = client();
  server_.stop();
  EXPECT_FAILS_WITH(dead.get("/slow"), HttpErrc::connect_failed);
}

TEST_F(HttpTest, ManyCallersAtOnceAreEachAnswered) {
  server_.route("POST", "/echo", [](const Request& r) { return text(r.body); });
  serve();
  auto shared = client();
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 16; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 20; ++i) {
        const std::string body = std::to_string(caller * 100 + i);
        auto answer = shared.post("/echo", body);
        if (answer.ok() && answer->body == body) ++right;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(right, 320);
}

TEST(AddressTest, OnlyHostAndPortAreAccepted) {
  auto address = parse_address("http://127.0.0.1:7402");
  ASSERT_OK(address);
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, 7402);
  for (const char* bad : {"", "127.0.0.1:1", "http://:1", "http://a", "http://a:", "http://a:0",
                          "http://a:65536", "http://a:1x", "https://a:1"}) {
    EXPECT_FAILS_WITH(parse_address(bad), HttpErrc::bad_address);
  }
}

}  // namespace
}  // namespace hailstorm::http
