#include <atomic>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <string>
#include <vector>

#include "common/http/server.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"

namespace hailstorm::http {
namespace {

using testing::answer_to;
using testing::await;
using testing::count_of;
using testing::RawClient;

const std::string kLastGet = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

/// A server that may have few connections, and as many clients as it likes.
class FullServerTest : public ::testing::Test {
 protected:
  void serve(size_t max_connections) {
    server_ = std::make_unique<Server>(ServerOptions{
        .max_threads = 32, .limits = {.idle_ms = 60'000, .max_connections = max_connections}});
    const auto well = [](const Request&) { return Response{200, "well", "text/plain", {}}; };
    server_->route("GET", "/", well);
    server_->route("GET", "/large", [](const Request&) {
      return Response{200, std::string(8 << 20, 'x'), "text/plain", {}};
    });
    server_->route("GET", "/wait", [this](const Request&) {
      ++waiting_;
      release_.wait();
      return Response{200, "waited", "text/plain", {}};
    });
    server_->route_at_once("/healthz", well);
    server_->route_probe("/status", [this](const Request&) {
      if (++probed_ == 1) release_.wait();
      return Response{200, "status", "text/plain", {}};
    });
    ASSERT_OK(server_->start());
  }
  ~FullServerTest() override {
    if (!release_.try_wait()) release_.count_down();
  }
  /// Connections on which these bytes were sent; the server has seen them one after the other.
  std::vector<RawClient> connect(size_t count, const std::string& bytes) {
    std::vector<RawClient> clients;
    for (size_t i = 0; i < count; ++i) clients.emplace_back(server_->port()).send(bytes);
    return clients;
  }

  std::latch release_{1};
  std::atomic<int> waiting_ = 0;
  std::atomic<int> probed_ = 0;
  std::unique_ptr<Server> server_;
};

// Invariant 71.
TEST_F(FullServerTest, AtTheLimitANewConnectionReplacesAnIdleOne) {
  serve(20);
  auto idle = connect(20, "");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(answer_to(server_->port(), kLastGet).ends_with("well")) << i;
  }
  const std::string last_words = idle.front().read_to_end();
  EXPECT_TRUE(last_words.starts_with("HTTP/1.1 503")) << last_words;
  EXPECT_NE(last_words.find("Retry-After: 1\r\n"), last_words.npos) << last_words;
  EXPECT_NE(last_words.find("Connection: close"), last_words.npos) << last_words;
  EXPECT_TRUE(idle.back().drain()) << "the newest is kept";
}

TEST_F(FullServerTest, AHalfSentRequestThatMakesRoomIsAnswered503) {
  serve(8);
  auto half = connect(8, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx");
  ASSERT_TRUE(answer_to(server_->port(), kLastGet).ends_with("well"));
  EXPECT_TRUE(half.front().read_to_end().starts_with("HTTP/1.1 503"));
}

TEST_F(FullServerTest, AConnectionThatMakesRoomBetweenItsRequestsIsClosedWithoutAnAnswer) {
  serve(8);
  std::vector<RawClient> polite;
  for (int i = 0; i < 8; ++i) {
    auto& client = polite.emplace_back(server_->port());
    ASSERT_TRUE(client.send(get("/")).read_answers(1, "well").ends_with("well"));
  }
  ASSERT_TRUE(answer_to(server_->port(), kLastGet).ends_with("well"));
  EXPECT_EQ(count_of(polite.front().read_to_end(), "HTTP/1.1 "), 1U);
  EXPECT_TRUE(polite.back().send(get("/")).read_answers(2, "well").ends_with("well"));
}

TEST_F(FullServerTest, ClientsThatReadNoAnswersMakeRoom) {
  serve(4);
  auto unread = connect(4, get("/large"));
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(await([&] { return answer_to(server_->port(), kLastGet).ends_with("well"); })) << i;
  }
}

// Invariant 71.
TEST_F(FullServerTest, ProbesAreAnsweredWhileEveryThreadWaits) {
  serve(20);
  auto waiting = connect(15, get("/wait"));
  ASSERT_TRUE(await([&] { return waiting_ == 15; }));
  const std::string refused = RawClient(server_->port()).send(get("/")).read_answers(1, "}");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503")) << refused;
  EXPECT_NE(refused.find("Retry-After: 1\r\n"), refused.npos) << refused;
  EXPECT_TRUE(RawClient(server_->port())
                  .send(get("/healthz"))
                  .read_answers(1, "well")
                  .starts_with("HTTP/1.1 200"));
  probed_ = 1;
  EXPECT_TRUE(RawClient(server_->port())
                  .send(get("/status"))
                  .read_answers(1, "status")
                  .starts_with("HTTP/1.1 200"));
  release_.count_down();
  for (auto& client : waiting) EXPECT_TRUE(client.read_answers(1, "waited").ends_with("waited"));
  EXPECT_TRUE(await([&] { return answer_to(server_->port(), kLastGet).ends_with("well"); }));
}

// Invariant 71.
TEST_F(FullServerTest, ManyRequestsForAProbePageCostOneCall) {
  serve(100);
  auto first = connect(1, get("/status"));
  ASSERT_TRUE(await([&] { return probed_ == 1; }));
  auto others = connect(50, get("/status"));
  // They have arrived as soon as one that came later is answered.
  ASSERT_TRUE(
      RawClient(server_->port()).send(get("/healthz")).read_answers(1, "well").ends_with("well"));
  release_.count_down();
  for (auto& client : others) {
    EXPECT_TRUE(client.read_answers(1, "status").ends_with("status"));
  }
  EXPECT_TRUE(first.front().read_answers(1, "status").ends_with("status"));
  EXPECT_LE(probed_, 3) << "one for the first, one for those that waited, one for a late one";
}

}  // namespace
}  // namespace hailstorm::http
