#include "broker/server/event_loop.h"

#include <gmock/gmock.h>
#include <string>
#include <thread>

#include "broker/partition/topic_store.h"
#include "broker/transport/zmq/zmq_transport.h"
#include "common/wire/codec.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"
#include "tests/support/temp_folder.h"
#include "tests/support/zmtp_peer.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::RawClient;
using hailstorm::testing::ZmtpPeer;

/// A protocol whose clients never stop to send. Thread safety: not safe.
class EndlessTransport final : public Transport {
 public:
  [[nodiscard]] std::optional<size_t> receive(Broker&) override { return 1; }
  [[nodiscard]] bool has_input() const override { return true; }
  void flush() override {}
  void tick() override {}
  [[nodiscard]] int64_t max_wait_ms() const override { return kAnyTimeMs; }
  [[nodiscard]] int64_t unread_bytes() const override { return 0; }
  void close() override { is_closed = true; }

  bool is_closed = false;
};

/// A broker's loop on a thread of its own, with two ports and a third transport.
class EventLoopTest : public ::testing::Test {
 protected:
  EventLoopTest() : first_(listen(), broker_metrics_), second_(listen(), broker_metrics_) {
    auto opened = TopicStore::open(*files_, clock_, folder_.path().string());
    HAIL_CHECK(opened.ok());
    topics_ = std::move(opened).value();
    broker_ = std::make_unique<Broker>(*topics_, clock_, broker_metrics_, health_);
    broker_->load();
  }

  std::unique_ptr<ZmqSockets> listen() {
    ZmqOptions options;
    options.port = 0;
    auto bound = ZmqSockets::bind(options, poller_, clock_, broker_metrics_);
    HAIL_CHECK(bound.ok());
    return std::move(bound).value();
  }

  /// Runs the loop while `work` does something.
  template <class Work>
  void run(std::vector<Transport*> transports, const Work& work) {
    EventLoop loop(poller_, std::move(transports), *broker_, clock_);
    std::thread thread([&] { loop.run(stop_); });
    work();
    stop_.request();
    thread.join();
  }

  /// The greeting and a request for metadata, as a client sends them; what comes back.
  static std::string answer_from(const ZmqTransport& transport) {
    const auto request = wire::encode({wire::Api::metadata, 1}, wire::MetadataRequest{});
    RawClient client(transport.port());
    client.send(ZmtpPeer::greeting() + ZmtpPeer::frame_head(request.size()) +
                std::string(as_text(request)));
    return client.read_until("HAIL");
  }

  StopSignal stop_;
  testing::TempFolder folder_;
  const SystemClock clock_;
  const std::unique_ptr<storage::FileSystem> files_ = storage::make_posix_file_system();
  Metrics metrics_;
  BrokerMetrics broker_metrics_{metrics_};
  Health health_;
  Poller poller_;
  ZmqTransport first_;
  ZmqTransport second_;
  EndlessTransport endless_;
  std::unique_ptr<TopicStore> topics_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(EventLoopTest, OneLoopServesSeveralTransports) {
  run({&first_, &second_}, [&] {
    EXPECT_THAT(answer_from(first_), ::testing::HasSubstr("HAIL"));
    EXPECT_THAT(answer_from(second_), ::testing::HasSubstr("HAIL"));
  });
}

TEST_F(EventLoopTest, ATransportThatIsNeverIdleKeepsNoOtherWaiting) {
  run({&endless_, &first_}, [&] { EXPECT_THAT(answer_from(first_), ::testing::HasSubstr("HAIL")); });
  EXPECT_TRUE(endless_.is_closed);
}

}  // namespace
}  // namespace hailstorm::broker
