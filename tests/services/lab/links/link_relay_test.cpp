#include "services/lab/links/link_relay.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <gtest/gtest.h>
#include <random>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/services/lab/links/link_fixture.h"
#include "tests/support/await.h"
#include "tests/support/free_ports.h"
#include "tests/support/long_run.h"
#include "tests/support/process_figures.h"

namespace hailstorm::lab {
namespace {

using std::chrono::milliseconds;
using testing::Listener;
using testing::Peer;

// A relay that kept what passes would grow by 128 MB at least. AddressSanitizer keeps some of what
// was freed.
#ifdef __SANITIZE_ADDRESS__
constexpr double kMostGrowthMb = 32;
#else
constexpr double kMostGrowthMb = 4;
#endif

class LinkRelayTest : public testing::LinkFixture {};

TEST_F(LinkRelayTest, BytesGoBothWays) {
  auto [client, server] = connect();
  ASSERT_TRUE(client.send("a request"));
  EXPECT_EQ(server.receive(9), "a request");
  ASSERT_TRUE(server.send("an answer"));
  EXPECT_EQ(client.receive(9), "an answer");
}

TEST_F(LinkRelayTest, TheEndOfOneDirectionIsCarriedAndTheOtherGoesOn) {
  auto [client, server] = connect();
  ASSERT_TRUE(client.send("all of it"));
  client.end_sending();
  EXPECT_EQ(server.receive(9), "all of it");
  EXPECT_TRUE(server.sees_end());
  ASSERT_TRUE(server.send("the answer"));
  server.close();
  EXPECT_EQ(client.receive(10), "the answer");
  EXPECT_TRUE(client.sees_end());
  EXPECT_TRUE(hailstorm::testing::await([&] { return connections() == 0; }));
}

TEST_F(LinkRelayTest, AResetOfOneSideReachesTheOther) {
  auto first = connect();
  first.client.reset();
  EXPECT_TRUE(first.server.sees_reset());
  auto second = connect();
  second.server.reset();
  EXPECT_TRUE(second.client.sees_reset());
  EXPECT_TRUE(hailstorm::testing::await([&] { return connections() == 0; }));
}

TEST_F(LinkRelayTest, ACallersBytesAndEndBeforeTheServerTookItArriveInOrder) {
  Peer client = Peer::connect_to(port_);
  ASSERT_TRUE(client.send("early"));
  client.end_sending();
  Peer server = listener_.accept();
  EXPECT_EQ(server.receive(5), "early");
  EXPECT_TRUE(server.sees_end());
}

TEST_F(LinkRelayTest, AServerThatIsAwayResetsItsCallersUntilItIsBack) {
  const int port = hailstorm::testing::free_port();
  const int relays = relay_.hold("payment:mortal", {"127.0.0.1", port}).value();
  {
    Listener server(port);
    Peer client = Peer::connect_to(relays);
    server.accept().close();
    EXPECT_TRUE(client.sees_end());
  }
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Peer::connect_to(relays).sees_reset());
  EXPECT_LT(testing::ms_since(start), 2'000);
  Listener back(port);
  Peer client = Peer::connect_to(relays);
  Peer server = back.accept();
  ASSERT_TRUE(client.send("again"));
  EXPECT_EQ(server.receive(5), "again");
}

TEST_F(LinkRelayTest, ALinkKeepsItsPortWhenItsServerMoves) {
  Listener elsewhere;
  EXPECT_EQ(relay_.hold(kLink, {"127.0.0.1", elsewhere.port()}).value(), port_);
  Peer client = Peer::connect_to(port_);
  EXPECT_TRUE(elsewhere.has_one_within(milliseconds(20'000)));
}

TEST_F(LinkRelayTest, AServersNameIsLookedUp) {
  const int port = relay_.hold("payment:named", {"localhost", listener_.port()}).value();
  std::vector<Peer> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(Peer::connect_to(port));
  for (Peer& client : clients) {
    Peer server = listener_.accept();
    ASSERT_TRUE(server.send("hello"));
    (void)client;
  }
  for (Peer& client : clients) EXPECT_EQ(client.receive(5), "hello");
}

TEST_F(LinkRelayTest, AServerWithoutAnAddressResetsItsCallers) {
  const int port = relay_.hold("payment:nobody", {"nobody.invalid", 7400}).value();
  EXPECT_TRUE(Peer::connect_to(port).sees_reset());
}

TEST_F(LinkRelayTest, AnUnknownLinkIsRefusedByName) {
  const auto status = relay_.clear("payment:moon", FaultAction::latency);
  EXPECT_FAILS_WITH(status, LinkErrc::unknown_link);
  EXPECT_EQ(status.error().message(), "no link is named payment:moon");
}

TEST_F(LinkRelayTest, LinksAreListedWithTheirServersConnectionsAndFaults) {
  auto one = connect();
  ASSERT_TRUE(one.client.send("x"));
  EXPECT_EQ(one.server.receive(1), "x");
  put(FaultAction::latency, {{"latency_ms", 1}});
  put(FaultAction::slicer, {{"average_size_bytes", 10}, {"stream", "upstream"}});
  const auto links = relay_.links();
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].name, "payment:broker");
  EXPECT_EQ(links[0].server, "127.0.0.1:" + std::to_string(listener_.port()));
  EXPECT_EQ(links[0].port, port_);
  EXPECT_EQ(links[0].connections, 1U);
  EXPECT_EQ(links[0].faults, (std::vector{FaultAction::latency, FaultAction::slicer}));
}

TEST_F(LinkRelayTest, TwoHundredConnectionsAreCarriedAtOnce) {
  std::vector<Connected> all;
  for (int i = 0; i < 200; ++i) all.push_back(connect());
  EXPECT_EQ(connections(), 200U);
  for (int round = 0; round < 5; ++round) {
    for (size_t i = 0; i < all.size(); ++i) {
      ASSERT_TRUE(all[i].client.send(std::to_string(i % 10)));
      ASSERT_TRUE(all[i].server.send(std::to_string(i % 7)));
    }
    for (size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(all[i].server.receive(1), std::to_string(i % 10));
      ASSERT_EQ(all[i].client.receive(1), std::to_string(i % 7));
    }
  }
  all.clear();
  EXPECT_TRUE(hailstorm::testing::await([&] { return connections() == 0; }));
}

TEST_F(LinkRelayTest, ReadersThatDoNotReadCostBoundedMemoryAndGetEveryByte) {
  constexpr size_t kMostMb = 20;  // 20 connections × 256 KiB, and what the allocator keeps
  std::vector<Connected> all;
  for (int i = 0; i < 20; ++i) all.push_back(connect());
  std::string pattern(65'537, '\0');
  std::minstd_rand random(1);
  for (char& byte : pattern) byte = static_cast<char>(random() >> 8);
  const double before_mb = hailstorm::testing::figures_of(::getpid()).rss_mb;
  std::vector<size_t> sent(all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    // Full is full when the relay has had its time, too.
    for (int full = 0; full < 3;) {
      const size_t more =
          all[i].client.send_some(std::string_view(pattern).substr(sent[i] % pattern.size()));
      sent[i] += more;
      full = more > 0 ? 0 : full + 1;
      if (more == 0) std::this_thread::yield(), (void)all[i].client.is_silent_for(milliseconds(5));
    }
  }
  const double after_mb = hailstorm::testing::figures_of(::getpid()).rss_mb;
  EXPECT_LT(after_mb - before_mb, kMostMb);
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].client.end_sending();
    bool is_same = true;
    size_t received = 0;
    for (auto bytes = all[i].server.receive_some(); !bytes.empty();
         bytes = all[i].server.receive_some()) {
      for (const char byte : bytes)
        is_same = is_same && byte == pattern[received++ % pattern.size()];
    }
    EXPECT_TRUE(is_same);
    EXPECT_EQ(received, sent[i]);
  }
}

TEST_F(LinkRelayTest, MuchDataIsCarriedWithoutGrowthOfMemory) {
  const size_t bytes = hailstorm::testing::is_long_run() ? size_t{1} << 30 : size_t{128} << 20;
  auto pair = connect();
  const std::string block(1 << 20, 'x');
  std::string space(1 << 16, '\0');
  ASSERT_TRUE(pair.client.send(block));
  ASSERT_EQ(pair.server.receive(block.size()).size(), block.size());
  const double before_mb = hailstorm::testing::figures_of(::getpid()).rss_mb;
  std::thread sender([&] {
    for (size_t sent = 0; sent < bytes; sent += block.size()) pair.client.send(block);
    pair.client.end_sending();
  });
  const size_t received = pair.server.count_to_end(space);
  sender.join();
  EXPECT_EQ(received, bytes);
  EXPECT_LT(hailstorm::testing::figures_of(::getpid()).rss_mb - before_mb, kMostGrowthMb);
}

TEST_F(LinkRelayTest, ARelayEndsWithItsConnectionsOpen) {
  LinkRelay relay(clock_);
  const int port = relay.hold("a:b", {"127.0.0.1", listener_.port()}).value();
  Peer client = Peer::connect_to(port);
  Peer server = listener_.accept();
  ASSERT_TRUE(client.send("x"));
  EXPECT_EQ(server.receive(1), "x");
}

}  // namespace
}  // namespace hailstorm::lab
