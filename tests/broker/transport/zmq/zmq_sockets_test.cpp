#include "broker/transport/zmq/zmq_sockets.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <zmq.hpp>

#include "common/base/logging.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/zmtp_peer.h"

namespace hailstorm::broker {
namespace {

using namespace std::chrono_literals;
using hailstorm::testing::await;
using hailstorm::testing::ZmtpPeer;

constexpr SessionId kNobody = 7;

class ZmqSocketsTest : public ::testing::Test {
 protected:
  /// Warnings of another test hold none of this one back.
  void SetUp() override { init_logging("zmq_sockets"); }

  void bind(ZmqOptions options = {}) {
    options.port = 0;
    auto bound = ZmqSockets::bind(options, poller_, clock_, broker_metrics_);
    ASSERT_OK(bound);
    sockets_ = std::move(bound).value();
    client_.set(zmq::sockopt::linger, 0);
    client_.set(zmq::sockopt::rcvhwm, 1);
    client_.connect("tcp://127.0.0.1:" + std::to_string(sockets_->port()));
  }

  /// As a pass of the event loop: sends, waits for an event, closes what is over a limit.
  void pass(int timeout_ms) {
    sockets_->flush();
    poller_.wait(sockets_->has_input() ? 0 : timeout_ms);
    sockets_->tick();
  }
  bool has_credit(SessionId session) { return sockets_->credit_bytes(session) > 0; }

  void say(const std::vector<std::string>& frames) {
    for (size_t i = 0; i < frames.size(); ++i) {
      const auto flags = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
      client_.send(zmq::buffer(frames[i]), flags);
    }
  }

  /// The next message that arrives, waited for; remembers who sent it.
  std::vector<std::string> hear() {
    std::vector<std::string> heard;
    const auto take = [&](SessionId session, std::span<const MutableBytes> frames) {
      peer_ = session;
      for (const MutableBytes frame : frames) heard.emplace_back(as_text(frame));
    };
    for (int i = 0; i < 100 && heard.empty(); ++i) {
      pass(100);
      while (heard.empty() && sockets_->receive(take)) {
      }
    }
    return heard;
  }

  /// Serves peers until the condition holds; messages are forgotten. False: patience is over.
  bool run_until(const std::function<bool()>& condition) {
    return await([&] {
      pass(1);
      while (sockets_->receive([](SessionId, std::span<const MutableBytes>) {})) {
      }
      return condition();
    });
  }

  static ZmqMessage reply_of(size_t bytes) { return {std::vector<uint8_t>(bytes, 'x'), {}}; }

  /// As bind(), and knows the peer then.
  void meet(ZmqOptions options) {
    bind(options);
    say({"hello"});
    ASSERT_EQ(hear().size(), 1U);
  }

  /// Sends the peer 1 MiB at a time until it has had no credit for 300 ms: whatever the sockets
  /// between the two can hold, they hold.
  void fill() {
    for (int refused = 0, sent = 0; refused < 300 && sent < 200;) {
      if (has_credit(peer_)) {
        sockets_->send(peer_, reply_of(1 << 20));
        ++sent;
        refused = 0;
      } else {
        ++refused;
        pass(1);
      }
    }
  }

  Metrics metrics_;
  BrokerMetrics broker_metrics_{metrics_};
  const SystemClock clock_;
  Poller poller_;
  std::unique_ptr<ZmqSockets> sockets_;
  zmq::context_t context_;
  zmq::socket_t client_{context_, zmq::socket_type::dealer};
  SessionId peer_ = 0;
};

TEST_F(ZmqSocketsTest, CarriesFramesBothWays) {
  bind();
  say({"head", "batch"});
  EXPECT_EQ(hear(), (std::vector<std::string>{"head", "batch"}));

  const auto stored = std::make_shared<const std::string>("stored bytes");
  ZmqMessage reply = reply_of(4);
  reply.data.push_back({stored, as_bytes(*stored)});
  sockets_->send(peer_, std::move(reply));
  pass(0);
  zmq::message_t head;
  zmq::message_t data;
  ASSERT_TRUE(client_.recv(head).has_value());
  ASSERT_TRUE(head.more());
  ASSERT_TRUE(client_.recv(data).has_value());
  EXPECT_EQ(head.to_string(), "xxxx");
  EXPECT_EQ(data.to_string(), "stored bytes");
}

TEST_F(ZmqSocketsTest, TooManyFramesAreDropped) {
  bind();
  ::testing::internal::CaptureStderr();
  say(std::vector<std::string>(20, "part"));
  say({"after"});
  EXPECT_EQ(hear(), (std::vector<std::string>{"after"}));
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find(R"("because":"a message of more than 8 frames")"), std::string::npos) << log;
  EXPECT_NE(metrics_.render().find(R"(reason="frame_count"} 1)"), std::string::npos);
}

// A record of 2 GB: its frame is refused when it is announced, before any of it is taken.
TEST_F(ZmqSocketsTest, AFrameThatAnnouncesTwoGigabytesEndsItsConnectionAlone) {
  bind();
  ZmtpPeer peer(sockets_->port());
  peer.send(ZmtpPeer::greeting() + ZmtpPeer::frame_head(uint64_t{2} << 30));
  EXPECT_TRUE(run_until([&] { return peer.is_ended(); })) << "the connection is still there";
  say({"after"});
  EXPECT_EQ(hear(), (std::vector<std::string>{"after"}));
}

// Invariant 44: a peer that never reads costs no more than its credit and one reply.
TEST_F(ZmqSocketsTest, APeerThatNeverReadsCostsBoundedMemory) {
  ZmqOptions options;
  options.limits.peer_credit_bytes = 8 << 20;
  meet(options);
  fill();
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 10; ++i) sockets_->send(peer_, reply_of(1 << 20));
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("a peer does not read its answers"), std::string::npos) << log;
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_FALSE(has_credit(peer_));
  EXPECT_TRUE(has_credit(kNobody));
  EXPECT_NE(metrics_.render().find(R"(reason="no_credit"})"), std::string::npos);

  // When it reads again it has credit again.
  zmq::message_t part;
  for (int i = 0; i < 200 && !has_credit(peer_); ++i) {
    while (client_.recv(part, zmq::recv_flags::dontwait).has_value()) {
    }
    pass(10);
  }
  EXPECT_TRUE(has_credit(peer_));
}

// The log says of each peer once that it does not read, until it has read everything.
TEST_F(ZmqSocketsTest, APeerThatDoesNotReadIsNamedOnceUntilItReads) {
  ZmqOptions options;
  options.limits.peer_credit_bytes = 8 << 20;
  meet(options);
  const auto is_named = [&] {
    init_logging("zmq_sockets");
    fill();
    ::testing::internal::CaptureStderr();
    sockets_->send(peer_, reply_of(1));
    const std::string log = ::testing::internal::GetCapturedStderr();
    return log.find("a peer does not read its answers") != std::string::npos;
  };
  EXPECT_TRUE(is_named());
  EXPECT_FALSE(is_named()) << "it was named already";
  zmq::message_t part;
  EXPECT_TRUE(await([&] {
    while (client_.recv(part, zmq::recv_flags::dontwait).has_value()) {
    }
    pass(1);
    return broker_metrics_.unread_bytes.value() == 0;
  }));
  EXPECT_TRUE(is_named());
}

// Invariant 44: many that never read cost together no more than the credit of all, beside which
// those that do read go on.
TEST_F(ZmqSocketsTest, PeersThatNeverReadShareABound) {
  ZmqOptions options;
  options.limits.peer_credit_bytes = 1 << 30;
  options.limits.total_credit_bytes = 8 << 20;
  options.limits.reader_credit_bytes = 1 << 20;
  meet(options);
  fill();
  EXPECT_FALSE(has_credit(peer_));
  EXPECT_TRUE(has_credit(kNobody));
}

// Invariant 44: by TCP, as nothing is received before the broker takes it.
TEST_F(ZmqSocketsTest, APeerThatNeverWaitsIsHeldBack) {
  bind();
  zmq::socket_t eager(context_, zmq::socket_type::dealer);
  eager.set(zmq::sockopt::linger, 0);
  eager.set(zmq::sockopt::sndhwm, 1);
  eager.set(zmq::sockopt::sndtimeo, 2'000);
  eager.connect("tcp://127.0.0.1:" + std::to_string(sockets_->port()));
  const std::string large(1 << 20, 'x');
  int taken = 0;
  while (taken < 200 && eager.send(zmq::buffer(large), zmq::send_flags::none)) ++taken;
  EXPECT_LT(taken, 20);
}

TEST_F(ZmqSocketsTest, AReplyToAPeerThatLeftIsCountedAndForgotten) {
  bind();
  sockets_->send(kNobody, reply_of(10));
  EXPECT_NE(metrics_.render().find(R"(reason="unreachable"} 1)"), std::string::npos);
  EXPECT_TRUE(has_credit(kNobody));
}

TEST_F(ZmqSocketsTest, APortInUseSaysWhichAndWhatToDo) {
  bind();
  ZmqOptions options;
  options.port = sockets_->port();
  const auto second = ZmqSockets::bind(options, poller_, clock_, broker_metrics_);
  EXPECT_FAILS_WITH(second, ListenErrc::port_in_use);
  EXPECT_NE(second.error().message().find(std::to_string(sockets_->port())), std::string::npos);
  EXPECT_NE(second.error().message().find("--port"), std::string::npos);
}

TEST_F(ZmqSocketsTest, WakeEndsAWait) {
  bind();
  poller_.wake();
  const auto began = std::chrono::steady_clock::now();
  poller_.wait(10'000);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

}  // namespace
}  // namespace hailstorm::broker
