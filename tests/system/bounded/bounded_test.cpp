#include <chrono>
#include <string>
#include <vector>

#include "tests/support/pace.h"
#include "tests/system/bounded/bounded_fixture.h"

namespace hailstorm::testing {
namespace {

using namespace std::chrono_literals;

class BoundedTest : public BoundedFixture {};

TEST_F(BoundedTest, RunsInACgroupOf160MegabytesWhereThatIsPermitted) {
  if (cgroup_ == nullptr) GTEST_SKIP() << "no memory cgroup can be made here";
  EXPECT_GT(cgroup_->anonymous_bytes(), 0) << "the broker is not in it";
}

// Invariants 44, 66.
TEST_F(BoundedTest, ConsumersThatNeverRead) {
  create("rides", 1);
  RawPeer writer(context_, broker_.port(), 100);
  wire::ProduceReply written;
  for (int i = 0; i < 16; ++i) {
    writer.ask(wire::Api::produce, to("rides"), batch(1 << 20));
    ASSERT_TRUE(writer.hear(written));
  }
  std::vector<std::unique_ptr<RawPeer>> peers;
  wire::FetchRequest request;
  request.partitions.push_back({{"rides", 0}, 0, 16 << 20});
  request.max_bytes = 16 << 20;
  for (int i = 0; i < 60; ++i) {
    peers.push_back(std::make_unique<RawPeer>(context_, broker_.port(), 1));
  }
  const auto end = std::chrono::steady_clock::now() + 4s;
  while (std::chrono::steady_clock::now() < end) {
    for (auto& peer : peers) peer->ask(wire::Api::fetch, request, {}, false);
    pace(1ms);
  }
  expect_bounded(64);
}

TEST_F(BoundedTest, ProducersThatNeverWait) {
  create("rides", 1);
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 4; ++i) {
    peers.push_back(std::make_unique<RawPeer>(context_, broker_.port(), 8));
  }
  const auto large = batch((4 << 20) - 1'024);
  const auto end = std::chrono::steady_clock::now() + 2s;
  while (std::chrono::steady_clock::now() < end) {
    bool any = false;
    for (auto& peer : peers) any |= peer->ask(wire::Api::produce, to("rides"), large, false);
    if (!any) pace(1ms);
  }
  expect_bounded(8);
}

// Invariant 67.
TEST_F(BoundedTest, AThousandIdleConnections) {
  const auto peers = connect(1'000);
  await_connections(1'000);
  expect_bounded(1'004);
}

/// Sends the frames again and again, as far as the broker takes them.
void send_for(std::vector<ZmtpPeer>& peers, std::chrono::seconds time, size_t bytes) {
  const std::string part(256 << 10, 'x');
  std::vector<size_t> sent(peers.size(), 0);
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    for (size_t i = 0; i < peers.size(); ++i) {
      if (sent[i] < bytes) sent[i] += peers[i].send(part.substr(0, bytes - sent[i]));
    }
    pace(1ms);
  }
}

// Invariants 44, 66.
TEST_F(BoundedTest, AHundredHalfSentFrames) {
  auto peers = connect(
      100, ZmtpPeer::greeting() + std::string("\x01\x01x", 3) + ZmtpPeer::frame_head(16 << 20));
  send_for(peers, 4s, 8 << 20);
  expect_bounded(104);
}

TEST_F(BoundedTest, TenFramesOfTheLargestSizeWithoutTheirLastByte) {
  auto peers = connect(10, ZmtpPeer::greeting() + std::string("\x01\x01x", 3) +
                               ZmtpPeer::frame_head((17 << 20) - 1));
  send_for(peers, 3s, (17 << 20) - 2);
  expect_bounded(14);
}

// A message may have any number of frames, as far as its protocol says.
TEST_F(BoundedTest, MessagesWithoutEnd) {
  auto peers = connect(10, ZmtpPeer::greeting());
  const std::string frame = ZmtpPeer::frame_head(60'000, true) + std::string(60'000, 'x');
  std::vector<std::string> rest(peers.size());
  const auto end = std::chrono::steady_clock::now() + 2s;
  while (std::chrono::steady_clock::now() < end) {
    for (size_t i = 0; i < peers.size(); ++i) {
      if (rest[i].empty()) rest[i] = frame;
      rest[i].erase(0, peers[i].send(rest[i]));
    }
  }
  expect_bounded(14);
}

TEST_F(BoundedTest, AThousandMembersThatJoinAtOnce) {
  create("rides", 64);
  RawPeer peer(context_, broker_.port(), 0);
  wire::GroupHeartbeatRequest join;
  join.group = "many";
  join.topics = {"rides"};
  for (int i = 0; i < 1'000; ++i) {
    join.member_id = "member-" + std::to_string(i);
    peer.ask(wire::Api::group_heartbeat, join);
  }
  for (int i = 0; i < 1'000; ++i) {
    wire::GroupHeartbeatReply reply;
    ASSERT_TRUE(peer.hear(reply));
    EXPECT_EQ(reply.outcome.code, wire::ErrorCode::none) << reply.outcome.message;
  }
  expect_bounded(5, 3 * 64);
}

// Invariant 66: as many as came in four seconds once, and ended the broker at each start.
TEST_F(BoundedTest, ThirtyThousandGroups) {
  create("rides", 4);
  RawPeer peer(context_, broker_.port(), 0);
  wire::GroupHeartbeatRequest join;
  join.member_id = std::string(200, 'm');
  join.session_timeout_ms = 60'000;
  join.topics = {"rides"};
  constexpr int kGroups = 31'675;
  constexpr int kUnderWay = 1'000;
  int taken = 0;
  wire::GroupHeartbeatReply reply;
  for (int i = 0; i < kGroups + kUnderWay; ++i) {
    join.group = std::string(200, 'g') + std::to_string(i);
    if (i < kGroups) peer.ask(wire::Api::group_heartbeat, join);
    if (i < kUnderWay) continue;
    ASSERT_TRUE(peer.hear(reply));
    if (reply.outcome.code == wire::ErrorCode::none) {
      ++taken;
    } else {
      EXPECT_EQ(reply.outcome.code, wire::ErrorCode::policy_violation) << reply.outcome.message;
    }
  }
  EXPECT_GT(taken, 1'000);
  EXPECT_LE(taken, 5'000);
  expect_bounded(5, 16);
  expect_quick_start();
}

TEST_F(BoundedTest, ATopicOfAThousandPartitions) {
  // Making it is one request, and nobody is answered meanwhile: some seconds, as each partition's
  // folder is made durable. What is bounded here is the life with it.
  neighbour_->stop();
  neighbour_.reset();
  create("rides", 1'000);
  neighbour_ = std::make_unique<Neighbour>(*engine_);
  RawPeer peer(context_, broker_.port(), 0);
  for (int32_t i = 0; i < 1'000; ++i) {
    peer.ask(wire::Api::produce, wire::ProduceRequest{"rides", i, wire::Acks::all}, batch(100));
  }
  for (int i = 0; i < 1'000; ++i) {
    wire::ProduceReply reply;
    ASSERT_TRUE(peer.hear(reply));
    EXPECT_EQ(reply.outcome.code, wire::ErrorCode::none) << reply.outcome.message;
  }
  expect_bounded(5, 3 * 1'000);
}

// Invariant 25.
TEST_F(BoundedTest, AHundredThousandProducerIds) {
  create("rides", 2);
  RawPeer peer(context_, broker_.port(), 0);
  constexpr int64_t kIds = 100'000;
  constexpr int64_t kUnderWay = 1'000;
  wire::ProduceReply reply;
  for (int64_t id = 0; id < kIds; ++id) {
    wire::ProduceRequest request = to("rides");
    request.partition = static_cast<int32_t>(id % 2);
    peer.ask(wire::Api::produce, request, batch(10, id));
    if (id < kUnderWay) continue;
    ASSERT_TRUE(peer.hear(reply));
    ASSERT_EQ(reply.outcome.code, wire::ErrorCode::none) << reply.outcome.message;
  }
  expect_bounded(5);
}

}  // namespace
}  // namespace hailstorm::testing
