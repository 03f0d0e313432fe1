#include "common/http/http.h"

#include <atomic>
#include <chrono>
#include <future>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/common/http/http_fixture.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"

namespace hailstorm::http {
namespace {

using testing::answer_to;

class HttpTest : public HttpFixture {};

TEST_F(HttpTest, AHandlerGetsWhatTheGroupsOfItsPathMatched) {
  server_.route("GET", "/rides/([^/]+)", [](const Request& r) { return text(r.captures.at(0)); });
  serve();
  auto answer = client().get("/rides/42");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->body, "42");
}

TEST_F(HttpTest, TheClientAcceptsNoCompressedAnswers) {
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

TEST_F(HttpTest, AHeaderWithoutAValueIsThereAndEmpty) {
  server_.route("GET", "/", [](const Request& r) {
    return text("<" + r.header("Key").value_or("none") + ">");
  });
  serve();
  const std::string answer = answer_to(
      server_.port(), "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nKey:\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("<>")) << answer;
}

TEST_F(HttpTest, AWrongMethodIsRefusedWithThoseThatThePathTakes) {
  server_.route("GET", "/a/(.)", [](const Request&) { return text("read"); });
  server_.route("PUT", "/a/(.)", [](const Request&) { return text("changed"); });
  serve();
  auto wrong = client().post("/a/1", "{}");
  ASSERT_OK(wrong);
  EXPECT_EQ(wrong->status, 405);
  EXPECT_EQ(wrong->headers.at("Allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(wrong->content_type, "application/problem+json");
  EXPECT_TRUE(answer_to(server_.port(),
                        "POST /a/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .starts_with("HTTP/1.1 405"));
  auto unknown = client().post("/a/11", "{}");
  ASSERT_OK(unknown);
  EXPECT_EQ(unknown->status, 404);
}

TEST_F(HttpTest, OptionsNamesTheMethodsAndGrantsOtherSitesNothing) {
  server_.route("GET", "/", [](const Request&) { return text("well"); });
  serve();
  const std::string answer = answer_to(server_.port(),
                                       "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: "
                                       "close\r\nOrigin: http://evil.example\r\n"
                                       "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204")) << answer;
  EXPECT_NE(answer.find("Allow: GET, HEAD, OPTIONS\r\n"), answer.npos) << answer;
  EXPECT_EQ(answer.find("Access-Control"), answer.npos) << answer;
}

TEST_F(HttpTest, HeadIsAnsweredAsGetWithoutTheBody) {
  server_.route("GET", "/", [](const Request&) { return text("well"); });
  serve();
  for (const auto& [path, status, length] :
       std::vector<std::tuple<std::string, std::string, std::string>>{{"/", "200", "4"},
                                                                      {"/nowhere", "404", ""}}) {
    const std::string answer =
        answer_to(server_.port(),
                  "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status)) << answer;
    EXPECT_NE(answer.find("Content-Length: " + length), answer.npos) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  }
}

TEST_F(HttpTest, Http10KeepsAConnectionOnlyOnRequest) {
  server_.route("GET", "/", [](const Request&) { return text("well"); });
  serve();
  const std::string once = answer_to(server_.port(), "GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(once.find("Connection: close"), once.npos) << once;
  testing::RawClient kept(server_.port());
  const std::string first =
      kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read_answers(1, "well");
  EXPECT_NE(first.find("Connection: keep-alive"), first.npos) << first;
  EXPECT_EQ(testing::count_of(kept.send("GET / HTTP/1.0\r\n\r\n").read_to_end(), "well"), 2U);
}

TEST_F(HttpTest, AnotherSitesPageNeitherReadsNorChangesAnything) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const auto status_of = [&](const std::string& headers) {
    return answer_to(server_.port(),
                     "POST /echo HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n" + headers +
                         "\r\n")
        .substr(9, 3);
  };
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(status_of("Host: evil.example\r\n" + json), "421");
  EXPECT_EQ(status_of("Host: localhost\r\nOrigin: http://evil.example\r\n" + json), "403");
  EXPECT_EQ(status_of("Host: localhost\r\nContent-Type: text/plain\r\n"), "415");
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(status_of("Host: localhost\r\n" + json), "200");
}

TEST_F(HttpTest, AnExceptionOfAHandlerIsA500WithoutItsText) {
  server_.route("GET", "/", [](const Request&) -> Response { throw std::runtime_error("secret"); });
  serve();
  auto answer = client().get("/");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_NE(answer->body.find("could not be handled"), std::string::npos) << answer->body;
  EXPECT_EQ(answer->body.find("secret"), std::string::npos);
  // By default the library shows it in a header of its own.
  for (const auto& [name, value] : answer->headers) {
    EXPECT_EQ(value.find("secret"), std::string::npos) << name;
  }
}

TEST_F(HttpTest, AnAsynchronousHandlerTakesNoThreadWhileItWaits) {
  Server narrow({.max_threads = 1});
  std::mutex mutex;
  std::vector<Answer> waiting;
  narrow.route_async("POST", "/later", [&](const Request&, Answer answer) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(answer));
  });
  narrow.route("GET", "/", [](const Request&) { return text("well"); });
  ASSERT_OK(narrow.start());
  Client riders({"127.0.0.1", narrow.port()}, 20'000);
  std::vector<std::future<bool>> answered;
  for (int i = 0; i < 20; ++i) {
    answered.push_back(std::async(std::launch::async, [&] {
      const auto answer = riders.post("/later", "{}");
      return answer.ok() && answer->body == "done";
    }));
  }
  ASSERT_TRUE(testing::await([&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == 20;
  }));
  EXPECT_EQ(riders.get("/").value().body, "well");
  for (const Answer& answer : waiting) answer(text("done"));
  for (auto& one : answered) EXPECT_TRUE(one.get());
}

TEST_F(HttpTest, AStopWaitsForAnAsynchronousAnswer) {
  Server server({});
  std::promise<Answer> given;
  server.route_async("GET", "/",
                     [&](const Request&, Answer answer) { given.set_value(std::move(answer)); });
  ASSERT_OK(server.start());
  auto asked = std::async(std::launch::async, [&] {
    return answer_to(server.port(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  });
  const Answer answer = given.get_future().get();
  auto stopped = std::async(std::launch::async, [&] { server.stop(); });
  EXPECT_EQ(stopped.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  answer(text("the last"));
  EXPECT_TRUE(asked.get().ends_with("the last"));
  stopped.get();
}

TEST_F(HttpTest, AnExceptionOfAnAsynchronousHandlerIsA500WithoutItsText) {
  server_.route_async("GET", "/",
                      [](const Request&, const Answer&) { throw std::runtime_error("secret"); });
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

// Else a rider who asks without a pause would hold up the stop for ever.
TEST_F(HttpTest, AnAnswerDuringAStopAsksTheClientToClose) {
  std::thread stopper;
  server_.route("GET", "/", [&](const Request&) {
    stopper = std::thread([this] { server_.stop(); });
    while (client().get("/nowhere").ok()) {
    }
    return text("the last");
  });
  serve();
  const std::string answer = answer_to(server_.port(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
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
