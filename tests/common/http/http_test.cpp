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

/// All that comes back for these bytes, sent as they are, until the server is done with them.
std::string answer_to(int port, std::string_view bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{.tv_sec = 30, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  char piece[4096];
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size())) {
    for (ssize_t got; (got = ::recv(fd, piece, sizeof piece, 0)) > 0;) {
      answer.append(piece, static_cast<size_t>(got));
    }
  }
  ::close(fd);
  return answer;
}

class HttpTest : public ::testing::Test {
 protected:
  void serve() { ASSERT_OK(server_.start()); }
  void serve_echo(std::atomic<int>& handled) {
    server_.route("POST", "/echo", [&handled](const Request& r) {
      ++handled;
      return text(r.body);
    });
    serve();
  }
  Client client(int timeout_ms = 10'000) {
    return Client({"127.0.0.1", server_.port()}, timeout_ms);
  }

  Server server_{{.max_body_bytes = 1024}};
};

TEST_F(HttpTest, RoutesByPathAndHandsOverWhatTheGroupsMatched) {
  server_.route("GET", "/rides/([^/]+)", [](const Request& r) { return text(r.captures.at(0)); });
  serve();
  auto answer = client().get("/rides/42");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->body, "42");
}

TEST_F(HttpTest, NoCompressedAnswerIsAskedFor) {
  server_.route("GET", "/", [](const Request& r) { return text(r.headers.at("Accept-Encoding")); });
  serve();
  auto answer = client().get("/");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->body, "identity");
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

// Invariant 43: the library limits only bodies whose length is announced.
TEST_F(HttpTest, AChunkedBodyOverTheLimitIsReadAndDropped) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string chunk = "400\r\n" + std::string(1024, 'x') + "\r\n";
  std::string request =
      "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) request += chunk;
  const std::string answer = answer_to(server_.port(), request + "0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
  EXPECT_NE(answer.find(R"("field":"body")"), std::string::npos) << answer;
  EXPECT_EQ(handled, 0);
}

TEST_F(HttpTest, AChunkedBodyWithinTheLimitIsABody) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string answer = answer_to(
      server_.port(),
      "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("abcdef")) << answer;
}

TEST_F(HttpTest, ARequestWithoutALengthHasNoBodyAndIsAnsweredAtOnce) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string answer =
      answer_to(server_.port(), "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_EQ(handled, 1);
}

// What is left of a refused request must not be taken for the next one.
TEST_F(HttpTest, ARequestThatCannotBeReadToItsEndIsRefusedAndItsConnectionClosed) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string inner = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";
  const std::string length = "Content-Length: " + std::to_string(inner.size()) + "\r\n\r\n";
  struct Case {
    std::string request;
    std::string status;
  };
  for (const auto& [request, status] : std::vector<Case>{
           {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\n" + length,
            "415"},
           {"GET /echo HTTP/1.1\r\nHost: x\r\n" + length, "400"},
           {"PRI /echo HTTP/1.1\r\nHost: x\r\n" + length, "400"},
           {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"}}) {
    const std::string answer = answer_to(server_.port(), request + inner);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status)) << request << "\n" << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << "one request, one answer" << answer;
  }
  EXPECT_EQ(handled, 0);
}

TEST_F(HttpTest, UnknownPathsTakeNoBodyEither) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  auto lost = client().post("/nowhere", "{}");
  ASSERT_OK(lost);
  EXPECT_EQ(lost->status, 404);
  EXPECT_NE(lost->body.find("POST /nowhere"), std::string::npos) << lost->body;
  auto large = client().post("/nowhere", std::string(2000, 'x'));
  ASSERT_OK(large);
  EXPECT_EQ(large->status, 413);
}

TEST_F(HttpTest, WhatAHandlerThrowsIsNotShown) {
  server_.route("GET", "/", [](const Request&) -> Response { throw std::runtime_error("secret"); });
  serve();
  auto answer = client().get("/");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_NE(answer->body.find("could not be handled"), std::string::npos) << answer->body;
  EXPECT_EQ(answer->body.find("secret"), std::string::npos);
  // Left to itself the library tells it in a header of its own.
  for (const auto& [name, value] : answer->headers) {
    EXPECT_EQ(value.find("secret"), std::string::npos) << name;
  }
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

// Else a rider who asks without a pause would hold up the stop for ever.
TEST_F(HttpTest, WhoIsAnsweredDuringAStopIsToldToClose) {
  std::thread stopper;
  server_.route("GET", "/", [&](const Request&) {
    stopper = std::thread([this] { server_.stop(); });
    while (client().get("/nowhere").ok()) {
    }
    return text("the last");
  });
  serve();
  const std::string answer = answer_to(server_.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  stopper.join();
  EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("the last")) << answer;
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
    EXPECT_FAILS_WITH(parse_address(bad), AddressErrc::not_an_address);
  }
}

}  // namespace
}  // namespace hailstorm::http
