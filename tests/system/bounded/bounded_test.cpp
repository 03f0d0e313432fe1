#include <arpa/inet.h>
#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

#include "common/wire/record_batch.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/system/bounded/neighbour.h"
#include "tests/system/bounded/raw_peer.h"

namespace hailstorm::testing {
namespace {

using namespace std::chrono_literals;

/// What the broker may take at most, whatever its peers do: the credit for what is not read
/// (256 MB), the receive queues of the noisy peers (64 MB each), the logs that are mapped.
constexpr int64_t kMaxRssMb = 768;
// What half of the neighbour's records may wait at most, also on a machine that is busy.
constexpr double kMaxMedianMs = 1'000;
constexpr int64_t kSpareDescriptors = 150;

/// A broker, a neighbour that behaves, and peers that do not.
class BoundedTest : public ::testing::Test {
 protected:
  BoundedTest() {
    auto engine = log::open(broker_.url());
    HAIL_CHECK(engine.ok());
    engine_ = std::move(engine).value();
    create("neighbour", 1);
    neighbour_ = std::make_unique<Neighbour>(*engine_);
  }

  void create(const std::string& topic, int32_t partitions) {
    log::TopicSettings settings;
    settings.partitions = partitions;
    settings.flush_always = topic == "neighbour";
    ASSERT_OK(engine_->make_admin(60'000)->create_topic(topic, settings));
  }

  [[nodiscard]] int64_t peak_rss_mb() const {
    std::istringstream status(read_text("/proc/" + std::to_string(broker_.pid()) + "/status"));
    std::string word;
    int64_t kb = 0;
    while (status >> word && word != "VmHWM:") {
    }
    status >> kb;
    return kb >> 10;
  }
  [[nodiscard]] int64_t descriptors() const {
    const auto folder = "/proc/" + std::to_string(broker_.pid()) + "/fd";
    return std::distance(std::filesystem::directory_iterator(folder), {});
  }

  /// The bound holds and the neighbour noticed little. `connections` and `files`: what the peers
  /// and the topics have a right to.
  void expect_bounded(int64_t connections, int64_t files = 0) {
    const auto waits = neighbour_->stop();
    const int64_t open = descriptors();
    std::cout << "peak rss " << peak_rss_mb() << " MB, " << open
              << " descriptors, neighbour median " << waits.median_ms << " ms, max " << waits.max_ms
              << " ms over " << waits.count << " records\n";
    EXPECT_LT(peak_rss_mb(), kMaxRssMb);
    EXPECT_LT(open, connections + files + kSpareDescriptors);
    EXPECT_LT(waits.median_ms, kMaxMedianMs);
  }

  static std::vector<uint8_t> batch(size_t value_bytes, int64_t producer = -1) {
    wire::RecordBatchBuilder builder;
    if (producer >= 0) builder.set_producer(producer, 0, 0);
    builder.append(1'000, std::nullopt, std::string(value_bytes, 'x'));
    return builder.finish();
  }
  static wire::ProduceRequest to(const std::string& topic) {
    return {topic, 0, wire::Acks::leader};
  }

  /// A plain TCP connection, with these bytes sent.
  int connect(const std::string& bytes = "") {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(broker_.port()));
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    return fd;
  }

  BrokerProcess broker_;
  zmq::context_t context_;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<Neighbour> neighbour_;
};

// Invariant 44.
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
  for (int i = 0; i < 20; ++i) {
    peers.push_back(std::make_unique<RawPeer>(context_, broker_.port(), 1));
  }
  const auto end = std::chrono::steady_clock::now() + 2s;
  while (std::chrono::steady_clock::now() < end) {
    for (auto& peer : peers) peer->ask(wire::Api::fetch, request, {}, false);
    std::this_thread::sleep_for(1ms);
  }
  expect_bounded(22);
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
    if (!any) std::this_thread::sleep_for(1ms);
  }
  expect_bounded(6);
}

TEST_F(BoundedTest, AThousandIdleConnections) {
  std::vector<int> connections;
  for (int i = 0; i < 1'000; ++i) connections.push_back(connect());
  std::this_thread::sleep_for(1s);
  expect_bounded(1'002);
  for (const int fd : connections) ::close(fd);
}

TEST_F(BoundedTest, HalfSentFrames) {
  // ZMTP's greeting, its NULL handshake, then a long frame that announces 16 MB and brings 64 KB.
  std::string bytes("\xff\0\0\0\0\0\0\0\x01\x7f\x03\x00NULL", 16);
  bytes.resize(64, '\0');
  const std::string ready(
      "\x04\x1c\x05READY\x0bSocket-Type\0\0\0\x06"
      "DEALER",
      30);
  const std::string announced("\x02\0\0\0\0\x01\0\0\0", 9);
  bytes += ready + announced + std::string(64 << 10, 'x');
  std::vector<int> connections;
  for (int i = 0; i < 200; ++i) connections.push_back(connect(bytes));
  std::this_thread::sleep_for(1s);
  expect_bounded(202);
  for (const int fd : connections) ::close(fd);
}

TEST_F(BoundedTest, AThousandMembersThatJoinAtOnce) {
  create("rides", 64);
  RawPeer peer(context_, broker_.port(), 0);
  wire::GroupHeartbeatRequest join;
  join.group = "crowd";
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
  expect_bounded(3, 3 * 64);
}

TEST_F(BoundedTest, ATopicOfAThousandPartitions) {
  // Making it is one request, and nobody is answered meanwhile: some seconds, as each partition's
  // folder is made durable. What is bounded here is the life with it.
  neighbour_->stop();
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
  expect_bounded(3, 3 * 1'000);
}

// Invariant 25.
TEST_F(BoundedTest, AHundredThousandProducerIds) {
  create("rides", 1);
  RawPeer peer(context_, broker_.port(), 0);
  constexpr int64_t kIds = 100'000;
  constexpr int64_t kUnderWay = 1'000;
  wire::ProduceReply reply;
  for (int64_t id = 0; id < kIds; ++id) {
    peer.ask(wire::Api::produce, to("rides"), batch(10, id));
    if (id < kUnderWay) continue;
    ASSERT_TRUE(peer.hear(reply));
    ASSERT_EQ(reply.outcome.code, wire::ErrorCode::none) << reply.outcome.message;
  }
  expect_bounded(3);
}

}  // namespace
}  // namespace hailstorm::testing
