#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/http/client.h"
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

const std::string kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kLastGet = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const std::string kHalf = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Len";

/// A server with small limits, and clients that are slow, idle, half-closed or too many.
class SlowClientsTest : public ::testing::Test {
 protected:
  Server& serve(const Limits& limits, size_t max_threads = 4) {
    server_ = std::make_unique<Server>(ServerOptions{.max_threads = max_threads, .limits = limits});
    server_->route("GET", "/", [this](const Request&) {
      ++handled_;
      return Response{200, "well", "text/plain", {}};
    });
    server_->route("GET", "/large", [this](const Request&) {
      ++handled_;
      return Response{200, std::string(8 << 20, 'x'), "text/plain", {}};
    });
    EXPECT_OK(server_->start());
    return *server_;
  }
  static auto descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  }
  std::vector<RawClient> connect(size_t count, std::string_view bytes) {
    std::vector<RawClient> clients;
    for (size_t i = 0; i < count; ++i) clients.emplace_back(server_->port()).send(bytes);
    return clients;
  }

  std::atomic<int> handled_ = 0;
  std::unique_ptr<Server> server_;
};

// Invariant 44.
TEST_F(SlowClientsTest, ARequestThatDoesNotComeInTimeIsAnswered408) {
  serve({.request_ms = 200});
  RawClient client(server_->port());
  std::promise<void> over;
  constexpr int kBytes = 500;
  std::atomic<int> sent = 0;
  client.send(kHalf);
  std::thread drip([&, is_over = over.get_future()] {
    // A byte now and then is no way round the deadline.
    while (sent++ < kBytes &&
           is_over.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout) {
      client.send("a");
    }
  });
  const std::string answer = client.read_to_end();
  over.set_value();
  drip.join();
  EXPECT_LT(sent, kBytes) << "answered while bytes kept coming";
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408")) << answer;
  EXPECT_NE(answer.find("Connection: close"), answer.npos);
  EXPECT_NE(answer.find("application/problem+json"), answer.npos);
}

TEST_F(SlowClientsTest, AnIdleConnectionIsClosedWithoutAnAnswer) {
  serve({.idle_ms = 150});
  EXPECT_EQ(answer_to(server_->port(), ""), "");
  EXPECT_EQ(count_of(answer_to(server_->port(), kGet), "HTTP/1.1 "), 1U);
}

TEST_F(SlowClientsTest, AConnectionThatIsUsedAgainAndAgainEndsAtItsGreatestAge) {
  serve({.age_ms = 200});
  RawClient client(server_->port());
  std::string answers;
  size_t asked = 0;
  const auto start = std::chrono::steady_clock::now();
  while (answers.find("Connection: close") == answers.npos) {
    answers = client.send(kGet).read_answers(++asked, "well");
    ASSERT_EQ(count_of(answers, "well"), asked) << "closed, and the last answer did not say so";
    ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  }
  EXPECT_EQ(client.read_to_end(), answers);
  EXPECT_GT(asked, 1U);
}

// Invariant 44.
TEST_F(SlowClientsTest, AClientThatReadsNoAnswerIsDisconnected) {
  serve({.answer_ms = 200});
  const auto before = descriptors();
  auto clients = connect(3, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(await([&] { return handled_ == 3 && descriptors() == before + 3; }))
      << "of each connection only the client's end is left";
  for (auto& client : clients) EXPECT_LT(client.read_to_end().size(), 8U << 20);
}

// Invariant 44.
TEST_F(SlowClientsTest, HalfReceivedRequestsTogetherAreBounded) {
  serve({.max_held_bytes = 100 << 10});
  const std::string large = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n" +
                            std::string(50'000, 'x');
  auto waiting = connect(1, large);
  ASSERT_TRUE(await([&] {
    return RawClient(server_->port())
        .send(large)
        .end_sending()
        .read_to_end()
        .starts_with("HTTP/1.1 503");
  }));
  EXPECT_TRUE(answer_to(server_->port(), kLastGet).starts_with("HTTP/1.1 200"))
      << "a small request needs nothing of it";
  waiting.clear();
  EXPECT_TRUE(await([&] {
    return RawClient(server_->port())
        .send(large)
        .end_sending()
        .read_to_end()
        .starts_with("HTTP/1.1 400");
  })) << "what was held is free again; the request ends early";
}

TEST_F(SlowClientsTest, PipelinedRequestsAreAnsweredInOrderAndAll) {
  serve({});
  std::atomic<int> next = 0;
  Server numbers({.max_threads = 8});
  numbers.route("GET", "/([0-9]+)", [&](const Request& request) {
    EXPECT_EQ(request.captures.at(0), std::to_string(next++)) << "one at a time";
    return Response{200, "<" + request.captures.at(0) + ">", "text/plain", {}};
  });
  ASSERT_OK(numbers.start());
  std::string requests;
  for (int i = 0; i < 1'000; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  RawClient client(numbers.port());
  std::thread sender([&] { client.send(requests).end_sending(); });
  const std::string answers = client.read_to_end();
  sender.join();
  EXPECT_EQ(count_of(answers, "HTTP/1.1 200 OK\r\n"), 1'000U);
  size_t last = 0;
  for (int i = 0; i < 1'000; ++i) {
    const size_t at = answers.find("<" + std::to_string(i) + ">");
    ASSERT_NE(at, answers.npos) << i;
    ASSERT_GE(at, last) << i;
    last = at;
  }
}

TEST_F(SlowClientsTest, AClientThatHasShutDownItsSideGetsItsAnswer) {
  serve({});
  for (int i = 0; i < 50; ++i) {
    RawClient client(server_->port());
    EXPECT_TRUE(client.send(kGet).end_sending().read_to_end().ends_with("well"));
    RawClient later(server_->port());
    later.send(kGet.substr(0, 20));
    EXPECT_TRUE(later.send(kGet.substr(20)).end_sending().read_to_end().ends_with("well"));
  }
  EXPECT_EQ(handled_, 100);
}

TEST_F(SlowClientsTest, ARefusalReachesAClientThatStillSends) {
  serve({});
  const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n";
  const std::string answer = answer_to(server_->port(), head + std::string(2'000'000, 'x'));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer.substr(0, 100);
}

TEST_F(SlowClientsTest, RequestsThatHaveBegunAreAnsweredAtAStop) {
  serve({.drain_ms = 5'000});
  RawClient half(server_->port());
  half.send(kGet.substr(0, 20));
  RawClient idle(server_->port());
  EXPECT_TRUE(idle.send(kGet).read_answers(1, "well").ends_with("well"));
  std::thread stop([&] { server_->stop(); });
  EXPECT_TRUE(idle.read_to_end().ends_with("well"));  // it is closed
  const std::string answer = half.send(kGet.substr(20)).read_to_end();
  stop.join();
  EXPECT_TRUE(answer.ends_with("well")) << answer;
  EXPECT_NE(answer.find("Connection: close"), answer.npos);
}

TEST_F(SlowClientsTest, AStopDoesNotWaitForAClientThatSendsNothingMore) {
  serve({.drain_ms = 100});
  auto half = connect(5, kHalf);
  const auto start = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

/// So many requests, one after the other.
void expect_answers(int port, int count) {
  Client rider({"127.0.0.1", port}, 20'000);
  for (int i = 0; i < count; ++i) {
    auto answer = rider.get("/");
    ASSERT_OK(answer);
    ASSERT_EQ(answer->status, 200);
  }
}

TEST_F(SlowClientsTest, OtherClientsAreAnsweredBesideFiveHundredSlowOnes) {
  serve({}, 2);
  const auto silent = connect(125, "");
  const auto half = connect(125, kHalf);
  const auto polite = connect(125, kGet);
  auto closed = connect(125, kGet);
  for (auto& client : closed) client.end_sending();
  expect_answers(server_->port(), 300);
}

// It asks for what needs no handler, and reads the answers: the thread of all connections is kept
// busy.
TEST_F(SlowClientsTest, AClientThatAsksWithoutAPauseDoesNotHoldUpOthers) {
  serve({});
  std::atomic<bool> is_over = false;
  std::string nonsense;
  for (int i = 0; i < 500; ++i) nonsense += "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
  RawClient greedy(server_->port());
  std::thread sender([&] {
    while (!is_over) greedy.send(nonsense);
    greedy.end_sending();
  });
  std::thread reader([&] { static_cast<void>(greedy.read_to_end()); });
  expect_answers(server_->port(), 300);
  is_over = true;
  sender.join();
  reader.join();
}

}  // namespace
}  // namespace hailstorm::http
