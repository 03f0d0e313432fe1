#include <memory>
#include <vector>

#include "broker/api/broker.h"
#include "broker/transport/zmq/zmq_codec.h"
#include "common/base/check.h"
#include "common/wire/record_batch.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/wire_tags.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"

namespace hailstorm::fuzz {
namespace {

constexpr size_t kMaxMessages = 200;
constexpr int kTickMs = 300;
constexpr int kMaxRestarts = 8;

/// Every answer must be one that a client can read.
class CheckedReplies final : public broker::ZmqMessageSink {
 public:
  void send(broker::SessionId, broker::ZmqMessage message) override {
    const auto header = wire::decode_header(message.head);
    // The answer to a frame of an unknown api carries that api, which is then unknown, too.
    HAIL_CHECK(header.ok() || header.error().is(wire::CodecErrc::unknown_api));
    for (const storage::StoredBytes& data : message.data) {
      HAIL_CHECK(wire::RecordBatchView::parse(data.bytes).ok());
    }
  }
  [[nodiscard]] int64_t credit_bytes(broker::SessionId) const override { return INT64_MAX; }
};

/// A broker core in memory and its conversation. Thread safety: not safe.
class Conversation {
 public:
  Conversation() {
    HAIL_CHECK(files_.create_folder("/data").ok());
    open();
    wire::TopicConfig config;
    config.partitions = 2;
    config.segment_bytes = 1 << 20;
    HAIL_CHECK(topics_->create("rides", config).ok());
  }
  ~Conversation() { kill(); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void take(const Chunk& chunk) {
    std::vector<uint8_t> bytes(chunk.bytes.begin(), chunk.bytes.end());
    if ((chunk.tag & kPlausible) != 0) make_plausible(bytes);
    frames_.push_back(std::move(bytes));
    if ((chunk.tag & kMore) != 0) return;
    std::vector<MutableBytes> views(frames_.begin(), frames_.end());
    codec_->handle(*broker_, (chunk.tag & kOtherPeer) != 0 ? 2 : 1, views);
    frames_.clear();
    if ((chunk.tag & kSync) != 0) run(broker_->end_burst());
    if ((chunk.tag & kTick) != 0) {
      clock_.advance_ms(kTickMs);
      broker_->tick();
    }
    if ((chunk.tag & kRestart) != 0 && ++restarts_ <= kMaxRestarts) restart();
  }

  /// Whatever was said, it must go on, and come up again from what it wrote.
  void end() {
    run(broker_->end_burst());
    restart();
    run(broker_->shut_down());
    HAIL_CHECK(topics_->close().ok());
  }

 private:
  void open() {
    auto opened = broker::TopicStore::open(files_, clock_, "/data");
    HAIL_CHECK(opened.ok());
    topics_ = std::move(opened).value();
    for (const auto& [name, topic] : topics_->topics()) {
      for (const auto& partition : topic.partitions) HAIL_CHECK(partition->is_open());
    }
    codec_ = std::make_unique<broker::ZmqCodec>(replies_, broker_metrics_);
    broker_ = std::make_unique<broker::Broker>(*topics_, clock_, broker_metrics_, health_);
    broker_->load();
  }
  void kill() {
    codec_->close();
    broker_.reset();
    topics_.reset();
  }
  void restart() {
    kill();
    open();
    broker_->tick();
    HAIL_CHECK(!health_.not_ready_reason().has_value());
  }
  void run(std::vector<broker::Partition*> syncing) {
    while (!syncing.empty()) {
      for (broker::Partition* partition : syncing) {
        partition->run_sync();
        broker_->finish_sync(*partition);
      }
      syncing = broker_->end_burst();
    }
  }
  /// A second frame is a batch; a first one gets its magic, version and length.
  void make_plausible(std::vector<uint8_t>& bytes) const {
    if (!frames_.empty()) return make_batch_plausible(bytes);
    using Header = wire::FrameHeader;
    if (bytes.size() < Header::kBytes) return;
    put_be(bytes.data(), Header::kMagic);
    bytes[4] = Header::kVersion;
    put_be(bytes.data() + 16, static_cast<uint32_t>(bytes.size() - Header::kBytes));
  }

  testing::FaultyFileSystem files_;
  testing::FakeClock clock_;
  Metrics metrics_;
  broker::BrokerMetrics broker_metrics_{metrics_};
  broker::Health health_;
  CheckedReplies replies_;
  std::unique_ptr<broker::ZmqCodec> codec_;  // outlives the broker
  std::unique_ptr<broker::TopicStore> topics_;
  std::unique_ptr<broker::Broker> broker_;
  std::vector<std::vector<uint8_t>> frames_;
  int restarts_ = 0;
};

}  // namespace

void wire_frames(Bytes input) {
  Conversation conversation;
  ChunkReader chunks(input);
  for (size_t i = 0; i < kMaxMessages; ++i) {
    const auto chunk = chunks.next();
    if (!chunk) break;
    conversation.take(*chunk);
  }
  conversation.end();
}

}  // namespace hailstorm::fuzz
