#include "common/log/hailstorm/event_loop.h"

#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "tests/common/log/batches.h"
#include "tests/support/await.h"
#include "tests/support/fake_clock.h"

namespace hailstorm::log::hail {
namespace {

using hailstorm::testing::await;
using hailstorm::testing::FakeClock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// What happens on a connection, as the test says; time passes in poll(). Thread safety: safe.
class ScriptedConnection final : public Connection {
 public:
  explicit ScriptedConnection(FakeClock& clock) : clock_(clock) {}

  void add(Event event, Message message = {}) {
    const std::lock_guard lock(mutex_);
    inputs_.emplace_back(event, std::move(message));
  }
  /// An answer to the request with this number.
  void answer(uint64_t correlation_id) {
    const wire::FrameHeader header{wire::Api::metadata, correlation_id};
    add(Event::message, {frame_of(wire::encode(header, wire::MetadataReply())), {}});
  }
  [[nodiscard]] int resets() const { return resets_; }

  [[nodiscard]] bool connected() const override { return true; }
  void send(std::vector<uint8_t> /*head*/, SharedBytes /*data*/) override {}
  [[nodiscard]] Event next(Message& message) override {
    const std::lock_guard lock(mutex_);
    if (inputs_.empty()) return Event::nothing;
    auto [event, received] = std::move(inputs_.front());
    inputs_.pop_front();
    message = std::move(received);
    return event;
  }
  void poll(int64_t timeout_ms) override {
    clock_.advance_ms(timeout_ms);
    std::this_thread::yield();
  }
  void reset() override { ++resets_; }
  void wake() override {}

 private:
  FakeClock& clock_;
  std::mutex mutex_;
  std::deque<std::pair<Event, Message>> inputs_;
  std::atomic<int> resets_ = 0;
};

/// Gives its only connection away once.
class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(FakeClock& clock)
      : connection_(std::make_unique<ScriptedConnection>(clock)), seen_(connection_.get()) {}

  ScriptedConnection& connection() { return *seen_; }
  [[nodiscard]] std::unique_ptr<Connection> connect() override { return std::move(connection_); }
  [[nodiscard]] std::string broker_address() const override { return "a script"; }

 private:
  std::unique_ptr<ScriptedConnection> connection_;
  ScriptedConnection* seen_;
};

class RecordingClient final : public EventLoop::Client {
 public:
  void send_requests(int64_t /*now_ms*/) override { ++runs; }
  [[nodiscard]] int64_t next_due_ms(int64_t /*now_ms*/) override { return due_ms; }
  void on_connection_lost(int64_t /*now_ms*/) override { ++losses; }

  std::atomic<int> runs = 0;
  int losses = 0;
  int64_t due_ms = EventLoop::kNever;
};

/// A loop that the test runs, on a connection that the test is.
class EventLoopTest : public ::testing::Test {
 protected:
  uint64_t send(int64_t deadline_ms = EventLoop::kNever) {
    return loop_.send(wire::MetadataRequest(), deadline_ms, [this](const Reply&, int64_t) {
      answered_.push_back(static_cast<int>(answered_.size()) + 1);
    });
  }

  FakeClock clock_;
  ScriptedTransport transport_{clock_};
  const Environment environment_{transport_, clock_, {}};
  ScriptedConnection& connection_ = transport_.connection();
  RecordingClient client_;
  EventLoop loop_{environment_, client_, -1};
  std::vector<int> answered_;
};

TEST_F(EventLoopTest, EachAnswerCompletesItsOwnRequestOnce) {
  const auto lock = loop_.lock();
  std::vector<std::string> answered;
  const auto note = [&](const char* name) {
    return [&answered, name](const Reply&, int64_t) { answered.emplace_back(name); };
  };
  const auto a = loop_.send(wire::MetadataRequest(), EventLoop::kNever, note("a"));
  const auto b = loop_.send(wire::MetadataRequest(), EventLoop::kNever, note("b"));
  for (const uint64_t id : {b, b, a, a + b + 1}) connection_.answer(id);
  loop_.run_once();
  EXPECT_THAT(answered, ElementsAre("b", "a"));
}

TEST_F(EventLoopTest, AnAnswerToACancelledRequestIsDropped) {
  const auto lock = loop_.lock();
  const auto id = send();
  loop_.cancel(id);
  connection_.answer(id);
  loop_.run_once();
  EXPECT_THAT(answered_, IsEmpty());
}

TEST_F(EventLoopTest, BytesThatAreNoAnswerAreDropped) {
  const auto lock = loop_.lock();
  const auto id = send();
  connection_.add(Connection::Event::message, {frame_of({1, 2, 3}), {}});
  connection_.answer(id);
  loop_.run_once();
  EXPECT_THAT(answered_, ElementsAre(1));
}

TEST_F(EventLoopTest, ALostConnectionForgetsWhatIsPending) {
  const auto lock = loop_.lock();
  const auto id = send();
  connection_.add(Connection::Event::lost);
  connection_.answer(id);
  loop_.run_once();
  EXPECT_THAT(answered_, IsEmpty());
  EXPECT_EQ(client_.losses, 1);
}

// Invariant 45: a broker that does not answer may be gone without a word.
TEST_F(EventLoopTest, ARequestWithoutAnAnswerAtItsDeadlineCountsAsALostConnection) {
  auto lock = loop_.lock();
  const int64_t deadline_ms = clock_.steady_ms() + 3'000;
  (void)send(deadline_ms);
  loop_.run_until(lock, deadline_ms - 1, [] { return false; });
  EXPECT_EQ(connection_.resets(), 0);
  loop_.run_until(lock, deadline_ms + 1, [] { return false; });
  EXPECT_EQ(connection_.resets(), 1);
  EXPECT_EQ(client_.losses, 1);
}

TEST_F(EventLoopTest, ItSleepsUntilTheClientIsDueAndHalfASecondAtMost) {
  const auto lock = loop_.lock();
  EXPECT_EQ(loop_.run_once(), 500);
  client_.due_ms = clock_.steady_ms() + 70;
  EXPECT_EQ(loop_.run_once(), 70);
  client_.due_ms = clock_.steady_ms() - 70;
  EXPECT_EQ(loop_.run_once(), 0);
}

TEST_F(EventLoopTest, RunUntilRunsOnceWhenItsTimeIsOverAndNotAtAllWhenItIsDone) {
  auto lock = loop_.lock();
  EXPECT_FALSE(loop_.run_until(lock, clock_.steady_ms(), [] { return false; }));
  EXPECT_EQ(client_.runs, 1);
  EXPECT_TRUE(loop_.run_until(lock, clock_.steady_ms(), [] { return true; }));
  EXPECT_EQ(client_.runs, 1);
}

TEST_F(EventLoopTest, OfTwoCallersOneRunsTheLoopAndBothGoOn) {
  std::atomic<bool> first_may_end = false;
  std::atomic<bool> second_may_end = false;
  const auto wait = [&](const std::atomic<bool>& may_end) {
    auto lock = loop_.lock();
    return loop_.run_until(lock, EventLoop::kNever, [&] { return may_end.load(); });
  };
  std::thread first([&] { EXPECT_TRUE(wait(first_may_end)); });
  EXPECT_TRUE(await([&] { return client_.runs > 0; }));
  std::thread second([&] { EXPECT_TRUE(wait(second_may_end)); });
  first_may_end = true;
  first.join();
  const int runs = client_.runs;
  EXPECT_TRUE(await([&] { return client_.runs > runs; })) << "the other takes over";
  second_may_end = true;
  second.join();
}

TEST(BackgroundLoopTest, AThreadRunsTheLoopWhileNoCallerDoes) {
  FakeClock clock;
  ScriptedTransport transport(clock);
  const Environment environment{transport, clock, {}};
  RecordingClient client;
  EventLoop loop(environment, client, 2);
  EXPECT_TRUE(await([&] { return client.runs > 10; }));
  loop.stop();
  const int runs = client.runs;
  EXPECT_EQ(client.runs, runs);
}

TEST(ManualLoopsTest, TheOwnerRunsTheLoopsAndNoThreadDoes) {
  FakeClock clock;
  ScriptedTransport transport(clock);
  ManualLoops loops;
  const Environment environment{transport, clock, {}, &loops};
  RecordingClient client;
  {
    EventLoop loop(environment, client, 2);
    loops.run_once();
    EXPECT_EQ(client.runs, 1);
    EXPECT_EQ(loops.next_run_ms(), clock.steady_ms() + 500);
  }
  loops.run_once();
  EXPECT_EQ(client.runs, 1);
  EXPECT_EQ(loops.next_run_ms(), EventLoop::kNever);
}

}  // namespace
}  // namespace hailstorm::log::hail
