// Each fault of a link, on and off, as both of its ends see it.

#include <chrono>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/services/lab/links/link_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::lab {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::ms_since;
using testing::Peer;

class LinkFaultsTest : public testing::LinkFixture {
 protected:
  /// How long a byte takes.
  static int64_t trip_ms(Peer& from, Peer& to) {
    const auto start = steady_clock::now();
    EXPECT_TRUE(from.send("x"));
    EXPECT_EQ(to.receive(1), "x");
    return ms_since(start);
  }
};

TEST_F(LinkFaultsTest, LatencyDelaysBothDirectionsUntilItIsSwitchedOff) {
  auto [client, server] = open();
  put(FaultAction::latency, {{"latency_ms", 80}});
  EXPECT_GE(trip_ms(client, server), 80);
  EXPECT_GE(trip_ms(server, client), 80);
  put(FaultAction::latency, {{"latency_ms", 60'000}});
  ASSERT_TRUE(client.send("late"));
  EXPECT_TRUE(server.is_silent_for(milliseconds(50)));
  clear(FaultAction::latency);
  EXPECT_EQ(server.receive(4), "late");  // what waited comes at once
}

TEST_F(LinkFaultsTest, LatencyOfOneDirectionLeavesTheOtherAlone) {
  auto [client, server] = open();
  put(FaultAction::latency, {{"latency_ms", 60'000}, {"stream", "downstream"}});
  ASSERT_TRUE(client.send("up"));
  EXPECT_EQ(server.receive(2), "up");
  ASSERT_TRUE(server.send("down"));
  EXPECT_TRUE(client.is_silent_for(milliseconds(50)));
}

TEST_F(LinkFaultsTest, BytesKeepTheirOrderUnderJitter) {
  auto [client, server] = open();
  put(FaultAction::latency, {{"latency_ms", 10}, {"jitter_ms", 10}});
  std::string sent;
  for (int i = 0; i < 300; ++i) {
    const std::string piece = std::to_string(i) + " ";
    ASSERT_TRUE(client.send(piece));
    sent += piece;
  }
  EXPECT_EQ(server.receive(sent.size()), sent);
}

TEST_F(LinkFaultsTest, AnEndWaitsAsLongAsTheBytesBeforeIt) {
  auto [client, server] = open();
  put(FaultAction::latency, {{"latency_ms", 80}});
  const auto start = steady_clock::now();
  client.end_sending();
  EXPECT_TRUE(server.sees_end());
  EXPECT_GE(ms_since(start), 80);
}

TEST_F(LinkFaultsTest, BandwidthBoundsTheRateOfEachConnection) {
  put(FaultAction::bandwidth, {{"rate_kb_s", 100}});
  auto [client, server] = connect();
  const std::string block(50'000, 'x');
  const auto start = steady_clock::now();
  std::thread sender([&, &from = client] { from.send(block); });
  EXPECT_EQ(server.receive(block.size()), block);
  sender.join();
  EXPECT_GE(ms_since(start), 450);
  clear(FaultAction::bandwidth);
  const std::string much(20'000'000, 'y');
  std::thread again([&, &from = client] { from.send(much); });
  EXPECT_EQ(server.receive(much.size()), much);
  again.join();
}

TEST_F(LinkFaultsTest, NothingIsCarriedDuringATimeoutAndAllOfItAfterwards) {
  auto [client, server] = open();
  put(FaultAction::timeout, json::Value::object());
  ASSERT_TRUE(client.send("up"));
  ASSERT_TRUE(server.send("down"));
  EXPECT_TRUE(server.is_silent_for(milliseconds(50)));
  EXPECT_TRUE(client.is_silent_for(milliseconds(1)));
  Peer late = Peer::connect_to(port_);
  EXPECT_FALSE(listener_.has_one_within(milliseconds(50)));  // no connection begins, either
  clear(FaultAction::timeout);
  EXPECT_EQ(server.receive(2), "up");
  EXPECT_EQ(client.receive(4), "down");
  EXPECT_TRUE(listener_.has_one_within(milliseconds(20'000)));
}

TEST_F(LinkFaultsTest, ATimeoutOfOneDirectionLeavesTheOtherAlone) {
  auto [client, server] = open();
  put(FaultAction::timeout, {{"stream", "upstream"}});
  ASSERT_TRUE(server.send("down"));
  EXPECT_EQ(client.receive(4), "down");
  ASSERT_TRUE(client.send("up"));
  EXPECT_TRUE(server.is_silent_for(milliseconds(50)));
  clear(FaultAction::timeout);
  EXPECT_EQ(server.receive(2), "up");
}

TEST_F(LinkFaultsTest, AServersEndIsNotSeenDuringATimeout) {
  auto [client, server] = open();
  put(FaultAction::timeout, json::Value::object());
  server.reset();
  EXPECT_TRUE(client.is_silent_for(milliseconds(50)));
  clear(FaultAction::timeout);
  EXPECT_TRUE(client.sees_reset());
}

TEST_F(LinkFaultsTest, ATimeoutWithATimeEndsTheConnectionsAfterIt) {
  auto [client, server] = open();
  const auto start = steady_clock::now();
  put(FaultAction::timeout, {{"timeout_ms", 80}});
  EXPECT_TRUE(client.sees_reset());
  EXPECT_GE(ms_since(start), 80);
  EXPECT_TRUE(server.sees_reset());
}

TEST_F(LinkFaultsTest, ResetPeerEndsOpenAndNewConnectionsUntilItIsSwitchedOff) {
  auto [client, server] = open();
  put(FaultAction::reset_peer, json::Value::object());
  EXPECT_TRUE(client.sees_reset());
  EXPECT_TRUE(server.sees_reset());
  EXPECT_TRUE(Peer::connect_to(port_).sees_reset());
  clear(FaultAction::reset_peer);
  while (listener_.has_one_within(milliseconds(20))) (void)listener_.accept();
  auto after = connect();
  EXPECT_LT(trip_ms(after.client, after.server), 10'000);
}

TEST_F(LinkFaultsTest, ResetPeerWithATimeLetsEachConnectionLiveThatLong) {
  put(FaultAction::reset_peer, {{"timeout_ms", 80}});
  const auto start = steady_clock::now();
  auto [client, server] = connect();
  EXPECT_GE(trip_ms(client, server), 0);
  EXPECT_TRUE(client.sees_reset());
  EXPECT_GE(ms_since(start), 80);
}

TEST_F(LinkFaultsTest, TheSlicerSendsSmallPiecesWithPausesBetweenThem) {
  auto [client, server] = open();
  put(FaultAction::slicer,
      {{"average_size_bytes", 100}, {"size_variation_bytes", 50}, {"delay_us", 5'000}});
  const std::string block(2'000, 'x');
  const auto start = steady_clock::now();
  ASSERT_TRUE(client.send(block));
  size_t received = 0;
  int pieces = 0;
  for (; received < block.size(); ++pieces) received += server.receive_some().size();
  EXPECT_GE(pieces, 3);  // a reader that is late finds several at once
  EXPECT_GE(ms_since(start), 12 * 5);
}

TEST_F(LinkFaultsTest, LimitDataEndsEachConnectionAfterSoManyBytes) {
  put(FaultAction::limit_data, {{"bytes", 1'000}, {"stream", "downstream"}});
  for (int i = 0; i < 2; ++i) {
    auto [client, server] = connect();
    ASSERT_TRUE(client.send(std::string(5'000, 'u')));
    EXPECT_EQ(server.receive(5'000).size(), 5'000U);
    ASSERT_TRUE(server.send(std::string(2'000, 'd')));
    EXPECT_EQ(client.receive(3'000).size(), 1'000U);
  }
  clear(FaultAction::limit_data);
  auto [client, server] = connect();
  ASSERT_TRUE(server.send(std::string(2'000, 'd')));
  EXPECT_EQ(client.receive(2'000).size(), 2'000U);
}

TEST_F(LinkFaultsTest, SeveralFaultsActTogether) {
  auto [client, server] = open();
  put(FaultAction::latency, {{"latency_ms", 60}});
  put(FaultAction::bandwidth, {{"rate_kb_s", 20}, {"stream", "upstream"}});
  put(FaultAction::slicer, {{"average_size_bytes", 64}, {"delay_us", 100}});
  put(FaultAction::limit_data, {{"bytes", 3'000}});
  const auto start = steady_clock::now();
  ASSERT_TRUE(client.send(std::string(4'000, 'x')));
  EXPECT_EQ(server.receive(4'000).size(), 3'000U);
  EXPECT_GE(ms_since(start), 60 + 100);
}

/// Bytes arrive unchanged and in order whatever is switched on and off meanwhile, unless the fault
/// is meant to end connections.
TEST_F(LinkFaultsTest, BytesArriveUnchangedUnderFaultsThatComeAndGo) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  static constexpr int kConnections = 4;
  static constexpr size_t kBytes = 2'000'000;
  std::vector<Connected> all;
  for (int i = 0; i < kConnections; ++i) all.push_back(open());
  std::atomic<int> left = kConnections * 2;
  std::vector<std::thread> threads;
  const auto carry = [&](Peer& from, Peer& to, uint64_t its_seed) {
    threads.emplace_back([&from, its_seed] {
      std::mt19937_64 bytes(its_seed);
      std::mt19937_64 sizes(its_seed + 1);
      for (size_t sent = 0; sent < kBytes;) {
        std::string piece(std::min<size_t>(kBytes - sent, sizes() % 5'000 + 1), '\0');
        for (char& byte : piece) byte = static_cast<char>(bytes());
        if (!from.send(piece)) return;
        sent += piece.size();
      }
      from.end_sending();
    });
    threads.emplace_back([&to, &left, its_seed] {
      std::mt19937_64 bytes(its_seed);
      size_t received = 0;
      bool is_same = true;
      for (auto some = to.receive_some(); !some.empty(); some = to.receive_some()) {
        for (const char byte : some) is_same = is_same && byte == static_cast<char>(bytes());
        received += some.size();
      }
      EXPECT_TRUE(is_same);
      EXPECT_EQ(received, kBytes);
      --left;
    });
  };
  for (size_t i = 0; i < all.size(); ++i) {
    carry(all[i].client, all[i].server, seed + 10 * i);
    carry(all[i].server, all[i].client, seed + 10 * i + 5);
  }
  std::mt19937_64 random(seed);
  const std::vector<LinkFault> faults = {
      fault(FaultAction::latency, {{"latency_ms", 20}, {"jitter_ms", 20}}, seed),
      fault(FaultAction::bandwidth, {{"rate_kb_s", 300}}),
      fault(FaultAction::timeout, json::Value::object()),
      fault(FaultAction::slicer,
            {{"average_size_bytes", 500}, {"size_variation_bytes", 499}, {"delay_us", 50}}, seed)};
  for (const auto& one : faults) ASSERT_OK(relay_.put(kLink, one));
  for (int i = 0; i < 150 && left > 0; ++i) {
    LinkFault one = faults[random() % faults.size()];
    one.is_upstream = random() % 3 != 0;
    one.is_downstream = random() % 3 != 0;
    ASSERT_OK(random() % 2 == 0 ? relay_.put(kLink, one) : relay_.clear(kLink, one.action));
    (void)hailstorm::testing::await([&] { return left == 0; }, milliseconds(random() % 10));
  }
  for (const auto& one : faults) clear(one.action);
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace hailstorm::lab
