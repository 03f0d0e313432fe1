#include <memory>
#include <vector>

#include "broker/transport/zmq/zmq_codec.h"
#include "common/base/check.h"
#include "common/wire/record_batch.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/live_broker.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/wire_tags.h"

namespace hailstorm::fuzz {
namespace {

constexpr size_t kMaxMessages = 200;
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
  Conversation() { make_codec(); }
  ~Conversation() { kill(); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void take(const Chunk& chunk) {
    std::vector<uint8_t> bytes(chunk.bytes.begin(), chunk.bytes.end());
    if ((chunk.tag & kPlausible) != 0) make_plausible(bytes);
    frames_.push_back(std::move(bytes));
    if ((chunk.tag & kMore) != 0) return;
    std::vector<MutableBytes> views(frames_.begin(), frames_.end());
    codec_->handle(live_.core(), (chunk.tag & kOtherPeer) != 0 ? 2 : 1, views);
    frames_.clear();
    if ((chunk.tag & kSync) != 0) live_.sync();
    if ((chunk.tag & kTick) != 0) live_.tick();
    if ((chunk.tag & kRestart) != 0 && ++restarts_ <= kMaxRestarts) restart();
  }

  /// Whatever was said, it must go on, and come up again from what it wrote.
  void end() {
    live_.sync();
    restart();
    live_.shut_down();
  }

 private:
  void make_codec() { codec_ = std::make_unique<broker::ZmqCodec>(replies_, metrics_of_codec_); }
  void kill() {
    codec_->close();
    live_.kill();
  }
  void restart() {
    kill();
    make_codec();
    live_.start();
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

  Metrics metrics_;
  broker::BrokerMetrics metrics_of_codec_{metrics_};
  CheckedReplies replies_;
  std::unique_ptr<broker::ZmqCodec> codec_;  // outlives the broker
  LiveBroker live_;
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
