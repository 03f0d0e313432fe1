#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/http/client.h"
#include "common/http/event_feed.h"
#include "common/http/server.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"

namespace hailstorm::http {
namespace {

using namespace std::chrono_literals;
using testing::answer_to;
using testing::await;
using testing::count_of;
using testing::RawClient;

constexpr size_t kAll = EventFeed::kMaxStreams;
constexpr size_t kAnonymous = EventFeed::kMaxAnonymousStreams;

std::string get_stream(const std::string& more_headers = "Session: a\r\n") {
  return "GET /stream HTTP/1.1\r\nHost: localhost\r\n" + more_headers + "\r\n";
}

/// A server with one stream, whose readers are known if they send a header Session.
class EventStreamTest : public ::testing::Test {
 protected:
  void SetUp() override { serve({}); }
  void serve(const Limits& limits) {
    server_ = std::make_unique<Server>(ServerOptions{.limits = limits});
    const auto admit = [this](const Request& request) {
      has_last_id_ = request.header("Last-Event-ID") == "41";
      return request.header("Session") ? StreamReader::known : StreamReader::anonymous;
    };
    server_->route_stream("/stream", admit, feed_);
    server_->route("GET", "/page", [](const Request&) {
      return Response{200, "well", "text/plain", {}};
    });
    ASSERT_OK(server_->start());
  }
  void publish(int64_t id, const std::string& data) { feed_->publish(event_text(id, data)); }
  RawClient connect(const std::string& request = get_stream()) {
    RawClient client(server_->port());
    client.send(request);
    return client;
  }
  std::vector<RawClient> fill() {
    std::vector<RawClient> clients;
    for (size_t i = 0; i < kAll; ++i) clients.push_back(connect());
    EXPECT_TRUE(await([&] { return feed_->streams() == kAll; }));
    return clients;
  }
  std::string page() {
    const auto response = Client({"127.0.0.1", server_->port()}, 10'000).get("/page");
    return response.ok() ? response->body : response.error().message();
  }

  std::shared_ptr<EventFeed> feed_ = std::make_shared<EventFeed>();
  std::atomic<bool> has_last_id_ = false;
  std::unique_ptr<Server> server_;
};

TEST(EventTextTest, EachLineOfTheDataIsALineOfTheEvent) {
  EXPECT_EQ(*event_text(7, "one"), "id: 7\ndata: one\n\n");
  EXPECT_EQ(*event_text(8, "a\nb\r\nc\rd"), "id: 8\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(*event_text(9, ""), "id: 9\ndata: \n\n");
}

TEST_F(EventStreamTest, AReaderGetsTheNewestEventAtOnceAndThenEachOne) {
  publish(1, "old");
  publish(2, "new");
  auto reader = connect();
  const std::string begin = reader.read_until("data: new\n\n");
  EXPECT_TRUE(begin.starts_with("HTTP/1.1 200 OK\r\n")) << begin;
  EXPECT_NE(begin.find("Content-Type: text/event-stream\r\n"), begin.npos) << begin;
  EXPECT_NE(begin.find("Connection: close\r\n"), begin.npos) << begin;
  EXPECT_EQ(begin.find("Content-Length"), begin.npos) << begin;
  EXPECT_TRUE(begin.ends_with("\r\n\r\nretry: 1000\n\nid: 2\ndata: new\n\n")) << begin;
  publish(3, "newer");
  EXPECT_TRUE(reader.read_until("newer").find("id: 3\ndata: newer") != begin.npos);
}

TEST_F(EventStreamTest, ASilentStreamHasACommentEachSecond) {
  auto reader = connect();
  reader.read_until(":hb\n\n");
  const auto first = std::chrono::steady_clock::now();
  reader.forget();
  EXPECT_EQ(reader.read_until(":hb\n\n"), ":hb\n\n");
  EXPECT_GE(std::chrono::steady_clock::now() - first, 500ms);
}

TEST_F(EventStreamTest, HeadGivesTheHeadAndTakesNoPlace) {
  const std::string answer =
      answer_to(server_->port(), "HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("Connection: close\r\n\r\n")) << answer;
  EXPECT_EQ(feed_->streams(), 0U);
}

TEST_F(EventStreamTest, TheIdOfTheLastEventThatAClientGotIsHandedOn) {
  auto reader = connect(get_stream("Session: a\r\nLast-Event-ID: 41\r\n"));
  reader.read_until("retry");
  EXPECT_TRUE(has_last_id_);
}

// Invariant 44.
TEST_F(EventStreamTest, OneAboveTheLimitMustComeBackLater) {
  auto readers = fill();
  auto late = connect();
  const std::string answer = late.read_until("\n\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("Content-Type: text/event-stream\r\n"), answer.npos) << answer;
  EXPECT_NE(answer.find("event: full\nretry: 10000\n"), answer.npos) << answer;
  EXPECT_EQ(feed_->streams(), kAll);
  publish(1, "for all");
  for (auto& reader : readers) {
    EXPECT_NE(reader.read_until("for all").find("for all"), std::string::npos);
  }
}

TEST_F(EventStreamTest, FewStreamsAreForReadersWithoutASession) {
  std::vector<RawClient> anonymous;
  for (size_t i = 0; i < kAnonymous; ++i) anonymous.push_back(connect(get_stream("")));
  ASSERT_TRUE(await([&] { return feed_->streams() == kAnonymous; }));
  EXPECT_NE(connect(get_stream("")).read_until("\n\n").find("event: full"), std::string::npos);
  auto known = connect();
  EXPECT_NE(known.read_until("retry: 1000").find("retry: 1000"), std::string::npos);
}

TEST_F(EventStreamTest, PagesOfOtherSitesTakeNoPlace) {
  for (const char* site : {"cross-site", "same-site"}) {
    const std::string answer =
        connect(get_stream(fmt::format("Sec-Fetch-Site: {}\r\n", site))).read_until("}");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
  }
  const std::string rebound =
      connect("GET /stream HTTP/1.1\r\nHost: evil.example\r\n\r\n").read_until("}");
  EXPECT_TRUE(rebound.starts_with("HTTP/1.1 421")) << rebound;
  EXPECT_EQ(feed_->streams(), 0U);
  auto own = connect(get_stream("Sec-Fetch-Site: same-origin\r\n"));
  EXPECT_NE(own.read_until("retry").find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(EventStreamTest, AReaderThatGoesAwayFreesItsPlace) {
  auto readers = fill();
  readers.pop_back();
  ASSERT_TRUE(await([&] { return feed_->streams() == kAll - 1; }));
  auto next = connect();
  EXPECT_NE(next.read_until("retry: 1000").find("retry: 1000"), std::string::npos);
  readers.clear();
  EXPECT_TRUE(await([&] { return feed_->streams() == 1; }));
}

// Invariant 44.
TEST_F(EventStreamTest, AReaderThatPausesGetsTheNewestEventAndNoneOfAQueue) {
  serve({.event_ms = 60'000});
  const std::string large(32 << 10, 'x');
  auto paused = connect();
  auto quick = connect();
  ASSERT_TRUE(await([&] { return feed_->streams() == 2; }));
  constexpr int kEvents = 60;
  for (int id = 1; id <= kEvents; ++id) {
    publish(id, large);
    quick.read_until(fmt::format("id: {}\n", id));
    quick.forget();
  }
  publish(kEvents + 1, "last");
  const std::string got = paused.read_until("data: last\n\n");
  EXPECT_NE(got.find(fmt::format("id: {}\ndata: last", kEvents + 1)), got.npos);
  EXPECT_LT(count_of(got, "id: "), kEvents / 2U);
  EXPECT_LT(got.size(), size_t{kEvents} * large.size() / 2);
}

TEST_F(EventStreamTest, AReaderThatReadsNothingIsDroppedAndSlowsNoOther) {
  serve({.event_ms = 1'000});
  const std::string large(256 << 10, 'x');
  auto deaf = connect();
  ASSERT_TRUE(await([&] { return feed_->streams() == 1; }));
  auto reader = connect();
  reader.read_until("retry");
  int64_t id = 0;
  // More than what the kernel takes for it.
  ASSERT_TRUE(await([&] {
    publish(++id, large);
    reader.forget();
    reader.read_until(fmt::format("id: {}\n", id));
    return feed_->streams() == 1;
  }));
  publish(++id, "after");
  EXPECT_NE(reader.read_until("data: after").find("after"), std::string::npos);
}

TEST_F(EventStreamTest, AStreamThatIsSentBytesWithoutEndStreamsOn) {
  auto reader = connect();
  ASSERT_TRUE(await([&] { return feed_->streams() == 1; }));
  for (int i = 0; i < 1'000; ++i) reader.send(std::string(4'096, 'x'));
  publish(1, "still here");
  EXPECT_NE(reader.read_until("still here").find("still here"), std::string::npos);
}

TEST_F(EventStreamTest, OpenStreamsDelayNoStop) {
  auto readers = fill();
  const auto begin = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  EXPECT_EQ(feed_->streams(), 0U);
  publish(1, "nobody is there");
  EXPECT_EQ(readers.front().read_to_end().find("nobody"), std::string::npos);
}

TEST_F(EventStreamTest, RequestsAreAnsweredWhileAllStreamsAreBusy) {
  auto readers = fill();
  std::atomic<bool> stops{false};
  std::thread publisher([&] {
    for (int64_t id = 1; !stops; ++id) publish(id, std::string(6'000, 'x'));
  });
  std::thread reader([&] {
    while (!stops) {
      for (auto& one : readers) (void)one.drain();
    }
  });
  for (int i = 0; i < 200; ++i) ASSERT_EQ(page(), "well");
  stops = true;
  publisher.join();
  reader.join();
  EXPECT_EQ(feed_->streams(), kAll);
}

TEST_F(EventStreamTest, AStreamMakesNoRoomForAnotherConnection) {
  serve({.idle_ms = 60'000, .max_connections = 4});
  auto reader = connect();
  reader.read_until("retry");
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(answer_to(server_->port(),
                          "GET /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .ends_with("well"));
  }
  publish(1, "still here");
  EXPECT_NE(reader.read_until("still here").find("still here"), std::string::npos);
}

}  // namespace
}  // namespace hailstorm::http
