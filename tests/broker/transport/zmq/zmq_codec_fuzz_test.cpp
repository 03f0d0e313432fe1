#include <random>

#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

constexpr int kMessages = 20'000;

/// Requests that are right, half right and wrong, drawn from a seed.
class RandomRequests {
 public:
  explicit RandomRequests(uint64_t seed) : random_(seed) {}

  std::vector<std::vector<uint8_t>> next(const std::vector<uint8_t>& good_batch) {
    std::vector<uint8_t> head = wire::encode(wire::FrameHeader{wire::Api::metadata, random_()},
                                             wire::MetadataRequest{{"rides", "nowhere"}});
    if (below(4) == 0) {
      head = wire::encode(
          wire::FrameHeader{wire::Api::produce, random_()},
          wire::ProduceRequest{"rides", static_cast<int32_t>(below(3)), wire::Acks::all});
    } else if (below(2) == 0) {
      head.resize(wire::FrameHeader::kBytes);
      for (uint64_t i = below(200); i > 0; --i) head.push_back(byte());
      wire::write_header({static_cast<wire::Api>(below(16)), random_()}, head);
    }
    damage(head);
    std::vector<std::vector<uint8_t>> frames{std::move(head)};
    if (below(2) == 0) {
      frames.push_back(good_batch);
      damage(frames.back());
    }
    while (below(20) == 0) frames.push_back({byte(), byte()});
    return frames;
  }

 private:
  uint64_t below(uint64_t bound) { return random_() % bound; }
  uint8_t byte() { return static_cast<uint8_t>(random_()); }

  void damage(std::vector<uint8_t>& bytes) {
    if (below(2) == 0) return;
    if (below(4) == 0) bytes.resize(below(bytes.size() + 1));
    if (below(4) == 0) bytes.insert(bytes.end(), below(50), byte());
    for (uint64_t i = below(4); i > 0 && !bytes.empty(); --i) bytes[below(bytes.size())] = byte();
  }

  std::mt19937_64 random_;
};

class ZmqCodecFuzzTest : public BrokerFixture, public ::testing::WithParamInterface<uint64_t> {};

// Invariant 43: whatever comes, the broker answers or drops it, and goes on.
TEST_P(ZmqCodecFuzzTest, SurvivesRandomFrames) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  create("rides", 2);
  RandomRequests requests(GetParam());
  for (int i = 0; i < kMessages; ++i) {
    auto frames = requests.next(batch({"a"}));
    std::vector<MutableBytes> views(frames.begin(), frames.end());
    codec_->handle(*broker_, static_cast<SessionId>(1 + i % 5), views);
    if (i % 50 != 0) continue;
    sync();
    clock_.advance_ms(100);
    broker_->tick();
    replies_.by_id.clear();
    replies_.order.clear();
  }
  sync();
  const auto last = produce("rides", batch({"still here"}));
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(last), wire::ErrorCode::none);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ZmqCodecFuzzTest, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace hailstorm::broker
