#include <atomic>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "tests/common/http/http_fixture.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"

namespace hailstorm::http {
namespace {

using testing::answer_to;

class BodiesTest : public HttpFixture {};

TEST_F(BodiesTest, BodyOverTheLimitIsAProblem) {
  server_.route("POST", "/echo", [](const Request& r) { return text(r.body); });
  serve();
  auto answer = client().post("/echo", std::string(2000, 'x'));
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_NE(answer->body.find("1024"), std::string::npos);
  EXPECT_NE(answer->body.find(R"("field":"body")"), std::string::npos);
}

// Invariant 43: a chunked body announces no length.
TEST_F(BodiesTest, AChunkedBodyOverTheLimitIsRefused) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string chunk = "400\r\n" + std::string(1024, 'x') + "\r\n";
  std::string request =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) request += chunk;
  const std::string answer = answer_to(server_.port(), request + "0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
  EXPECT_NE(answer.find(R"("field":"body")"), std::string::npos) << answer;
  EXPECT_EQ(handled, 0);
}

TEST_F(BodiesTest, AChunkedBodyWithinTheLimitIsABody) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string answer =
      answer_to(server_.port(),
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("abcdef")) << answer;
}

TEST_F(BodiesTest, ARequestWithoutALengthHasNoBodyAndIsAnsweredAtOnce) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string answer =
      answer_to(server_.port(),
                "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                "Connection: close\r\nContent-Type: application/json\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_EQ(handled, 1);
}

// What is left of a refused request must not be taken for the next one.
TEST_F(BodiesTest, ARequestWithoutAnEndIsRefusedAndItsConnectionClosed) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string inner = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
  const std::string length = "Content-Length: " + std::to_string(inner.size()) + "\r\n\r\n";
  struct Case {
    std::string request;
    std::string status;
  };
  for (const auto& [request, status] : std::vector<Case>{
           {"POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            "Content-Type: multipart/form-data\r\n" +
                length,
            "415"},
           {"GET /echo HTTP/1.1\r\nHost: localhost\r\n" + length, "400"},
           {"PRI /echo HTTP/1.1\r\nHost: localhost\r\n" + length, "400"},
           {"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "400"}}) {
    const std::string answer = answer_to(server_.port(), request + inner);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status)) << request << "\n" << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << "one request, one answer" << answer;
  }
  EXPECT_EQ(handled, 0);
}

TEST_F(BodiesTest, UnknownPathsTakeNoBodyEither) {
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

TEST_F(BodiesTest, AClientThatWaitsGets100Continue) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  testing::RawClient careful(server_.port());
  careful.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(careful.read_answers(1, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(careful.send("hi").read_to_end().ends_with("hi"));
}

// Invariant 43: what two programs on the way may read in two ways is one attacker's request inside
// another's.
TEST_F(BodiesTest, AnAmbiguousRequestIsRefusedAndWhatFollowsItIsNotRead) {
  std::atomic<int> handled = 0;
  serve_echo(handled);
  const std::string start =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const std::string inner = start + "Content-Length: 1\r\n\r\nx";
  for (const std::string& rest : std::vector<std::string>{
           "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
           "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "Content-Length: +137\r\n\r\n", "Content-Length : 3\r\n\r\nabc",
           "A: b\r\n folded\r\nContent-Length: 0\r\n\r\n", "Host: localhost\r\n\r\n",
           "A: b\nContent-Length: 0\r\n\r\n", std::string("A: \0\r\nContent-Length: 0\r\n\r\n", 27),
           "Transfer-Encoding: chunked\r\n\r\n3x\r\nabc\r\n0\r\n\r\n"}) {
    const std::string answer = answer_to(server_.port(), start + rest + inner);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << rest << answer;
    EXPECT_NE(answer.find("application/problem+json"), answer.npos) << answer;
    EXPECT_NE(answer.find("Connection: close"), answer.npos) << answer;
    EXPECT_EQ(testing::count_of(answer, "HTTP/1.1"), 1U) << "one request, one answer" << answer;
  }
  EXPECT_EQ(handled, 0);
}

}  // namespace
}  // namespace hailstorm::http
