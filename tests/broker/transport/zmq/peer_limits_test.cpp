#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/transport/zmq/zmq_sockets.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/zmtp_peer.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::await;
using hailstorm::testing::ZmtpPeer;

/// Sockets with small limits, peers that say bytes by hand, and one that is well-behaved: a
/// ZeroMQ socket.
class PeerLimitsTest : public ::testing::Test {
 protected:
  void bind(const SessionLimits& limits, Descriptors* descriptors = nullptr) {
    ZmqOptions options;
    options.port = 0;
    options.limits = limits;
    auto bound = ZmqSockets::bind(options, poller_, clock_, broker_metrics_, descriptors);
    ASSERT_OK(bound);
    sockets_ = std::move(bound).value();
    client_.set(zmq::sockopt::linger, 0);
    client_.set(zmq::sockopt::reconnect_ivl, 20);
  }
  /// As a pass of the event loop: sends, waits for an event, closes what is over a limit.
  void pass(int timeout_ms) {
    sockets_->flush();
    poller_.wait(sockets_->has_input() ? 0 : timeout_ms);
    sockets_->tick();
  }
  void connect_client() { client_.connect("tcp://127.0.0.1:" + std::to_string(sockets_->port())); }

  /// Serves peers until the condition holds; what they say is answered by as much as
  /// `answer_bytes`.
  bool run_until(const std::function<bool()>& condition) {
    return await([&] {
      pass(1);
      while (sockets_->receive([&](SessionId session, std::span<const MutableBytes>) {
        ++messages_;
        if (answer_bytes_ > 0) sockets_->send(session, {std::vector<uint8_t>(answer_bytes_, 'x'), {}});
      })) {
      }
      most_held_bytes_ = std::max(most_held_bytes_, broker_metrics_.half_received_bytes.value());
      most_unread_bytes_ = std::max(most_unread_bytes_, broker_metrics_.unread_bytes.value());
      return condition();
    });
  }
  /// The well-behaved peer says something, and hears an answer.
  bool is_served(size_t bytes) {
    answer_bytes_ = std::max<size_t>(answer_bytes_, 1);
    client_.send(zmq::buffer(std::string(bytes, 'x')), zmq::send_flags::none);
    zmq::message_t heard;
    return run_until([&] { return client_.recv(heard, zmq::recv_flags::dontwait).has_value(); });
  }
  std::vector<ZmtpPeer> peers(size_t count, const std::string& bytes) {
    std::vector<ZmtpPeer> made;
    for (size_t i = 0; i < count; ++i) {
      made.emplace_back(sockets_->port());
      made.back().send(bytes);
      pass(0);
    }
    return made;
  }
  [[nodiscard]] bool counts(const std::string& reason) {
    return metrics_.render().find("reason=\"" + reason + "\"") != std::string::npos;
  }
  double connections() { return broker_metrics_.connections.value(); }

  Metrics metrics_;
  BrokerMetrics broker_metrics_{metrics_};
  const SystemClock clock_;
  Poller poller_;
  std::unique_ptr<ZmqSockets> sockets_;
  zmq::context_t context_;
  zmq::socket_t client_{context_, zmq::socket_type::dealer};
  size_t answer_bytes_ = 0;
  int messages_ = 0;
  double most_held_bytes_ = 0;
  double most_unread_bytes_ = 0;
};

// A web page can have a browser post anything to a port of this machine.
TEST_F(PeerLimitsTest, WhatDoesNotSpeakZmtp3IsRefusedAtItsFirstBytes) {
  bind({});
  std::string version_2("\xff\0\0\0\0\0\0\0\x01\x7f\x01\x05", 12);
  std::string curve = ZmtpPeer::greeting().substr(0, 64);
  curve.replace(12, 5, "CURVE");
  const std::vector<std::string> all{
      "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      std::string("\x01\0\x05\0hello", 9),  // ZMTP 1.0: an empty identity, then a frame
      std::string("\xff\0\0\0\0\0\0\0\x01\0\x05\0", 12),  // the same in its long form
      version_2,
      curve,
      std::string(64, '\0')};
  for (const std::string& bytes : all) {
    ZmtpPeer peer(sockets_->port());
    peer.send(bytes);
    EXPECT_TRUE(run_until([&] { return peer.is_ended(); })) << bytes;
  }
  EXPECT_EQ(messages_, 0);
  EXPECT_TRUE(run_until([&] { return counts("other_protocol"); }));
  connect_client();
  EXPECT_TRUE(is_served(10));
}

// Invariant 66: neither by frames that end nor by their count.
TEST_F(PeerLimitsTest, AMessageWithoutEndIsNotKept) {
  bind({});
  ZmtpPeer peer(sockets_->port());
  peer.send(ZmtpPeer::greeting());
  std::string part = ZmtpPeer::frame_head(100'000, true) + std::string(100'000, 'x');
  size_t sent = 0;
  std::string rest;
  EXPECT_TRUE(run_until([&] {
    if (rest.empty()) rest = part;
    const size_t taken = peer.send(rest);
    rest.erase(0, taken);
    sent += taken;
    return sent > size_t{64} << 20;
  }));
  EXPECT_LT(most_held_bytes_, 1'000'000);
  EXPECT_EQ(messages_, 0);
}

// Invariant 66.
TEST_F(PeerLimitsTest, HalfMessagesShareABoundAndMakeRoomForOthers) {
  SessionLimits limits;
  limits.max_held_bytes = 1 << 20;
  bind(limits);
  const auto halves =
      peers(40, ZmtpPeer::greeting() + ZmtpPeer::frame_head(4 << 20) + std::string(200'000, 'x'));
  connect_client();
  EXPECT_TRUE(is_served(512 << 10));
  EXPECT_LE(most_held_bytes_, 2 << 20) << "one may finish beyond the bound";
  EXPECT_TRUE(run_until([&] { return counts("half_received"); }));
}

// Invariant 66: also where all of them go on and on.
TEST_F(PeerLimitsTest, LargeMessagesThatComeTogetherAllComeThrough) {
  SessionLimits limits;
  limits.max_held_bytes = 1 << 20;
  bind(limits);
  answer_bytes_ = 1;
  std::vector<zmq::socket_t> many;
  for (int i = 0; i < 8; ++i) {
    many.emplace_back(context_, zmq::socket_type::dealer);
    many.back().set(zmq::sockopt::linger, 0);
    many.back().connect("tcp://127.0.0.1:" + std::to_string(sockets_->port()));
    for (int n = 0; n < 4; ++n)
      many.back().send(zmq::buffer(std::string(900'000, 'x')), zmq::send_flags::none);
  }
  EXPECT_TRUE(run_until([&] { return messages_ == 8 * 4; })) << messages_;
  EXPECT_LE(most_held_bytes_, 2 << 20) << "one may finish beyond the bound";
}

// Invariant 67.
TEST_F(PeerLimitsTest, ConnectionsThatSayNothingMakeRoomForOneThatDoes) {
  SessionLimits limits;
  limits.max_connections = 8;
  bind(limits);
  const auto silent = peers(20, "");
  EXPECT_TRUE(run_until([&] { return counts("connections"); }));
  EXPECT_LE(connections(), 8);
  connect_client();
  EXPECT_TRUE(is_served(10));
  EXPECT_LE(connections(), 8);
}

// Invariant 67.
TEST_F(PeerLimitsTest, IdleConnectionsMakeRoomToo) {
  SessionLimits limits;
  limits.max_connections = 8;
  limits.idle_ms = 200;
  bind(limits);
  const auto idle = peers(8, ZmtpPeer::greeting());
  connect_client();
  EXPECT_TRUE(is_served(10));
  EXPECT_TRUE(counts("idle"));
}

// Invariant 67: the process's own files have their share.
TEST_F(PeerLimitsTest, PeersHaveOnlyTheDescriptorsThatFilesLeave) {
  Descriptors descriptors(128);
  descriptors.set_partitions(20);
  bind({}, &descriptors);
  const auto silent = peers(60, "");
  EXPECT_TRUE(run_until([&] { return counts("connections"); }));
  EXPECT_EQ(connections(), 128 - 40 - 16 - 2 * 20);
  EXPECT_TRUE(descriptors.has_room_for_partitions(0));
  EXPECT_FALSE(descriptors.has_room_for_partitions(1));
}

TEST_F(PeerLimitsTest, AHandshakeHasADeadline) {
  SessionLimits limits;
  limits.handshake_ms = 100;
  bind(limits);
  ZmtpPeer peer(sockets_->port());
  peer.send(ZmtpPeer::greeting().substr(0, 64));
  EXPECT_TRUE(run_until([&] { return peer.is_ended(); }));
  EXPECT_TRUE(counts("handshake"));
}

TEST_F(PeerLimitsTest, APeerWithoutASignOfLifeIsClosedAndOneThatAnswersPingsIsNot) {
  SessionLimits limits;
  limits.ping_ms = 100;
  limits.silence_ms = 1'500;
  bind(limits);
  connect_client();
  ASSERT_TRUE(is_served(10));
  ZmtpPeer peer(sockets_->port());
  peer.send(ZmtpPeer::greeting());
  EXPECT_TRUE(run_until([&] { return counts("silent"); }));
  EXPECT_TRUE(peer.is_ended());
  EXPECT_EQ(connections(), 1);
  EXPECT_TRUE(is_served(10));
}

// Invariant 66: answers that nobody reads.
TEST_F(PeerLimitsTest, PeersThatNeverReadMakeRoomForOneThatDoes) {
  SessionLimits limits;
  limits.total_credit_bytes = 8 << 20;
  limits.max_unread_bytes = 12 << 20;
  limits.unread_ms = 300;
  bind(limits);
  answer_bytes_ = 1 << 20;
  std::string asks;
  for (int i = 0; i < 30; ++i) asks += std::string("\0\x01x", 3);
  const auto silent = peers(40, ZmtpPeer::greeting() + asks);
  connect_client();
  EXPECT_TRUE(is_served(10));
  EXPECT_TRUE(run_until([&] { return counts("unread"); }));
  EXPECT_LE(most_unread_bytes_, 12 << 20);
  EXPECT_TRUE(is_served(10));
}

}  // namespace
}  // namespace hailstorm::broker
