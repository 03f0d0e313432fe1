#include "broker/server/broker.h"

#include "tests/broker/server/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::Api;
using wire::ErrorCode;

class BrokerTest : public BrokerFixture {
 protected:
  void handle(std::vector<std::vector<uint8_t>> frames) {
    std::vector<MutableBytes> views(frames.begin(), frames.end());
    broker_->handle("peer", views);
  }
  static std::vector<uint8_t> metadata(uint64_t id) {
    return wire::encode(wire::FrameHeader{Api::metadata, id}, wire::MetadataRequest{});
  }
};

TEST_F(BrokerTest, IsReadyOnceItIsLoaded) { EXPECT_FALSE(health_.not_ready_reason().has_value()); }

TEST_F(BrokerTest, AnOtherVersionIsToldSo) {
  auto frame = metadata(7);
  frame[4] = 9;
  handle({frame});
  // Only an outcome comes back.
  EXPECT_EQ(code<wire::CreateTopicReply>(7), ErrorCode::unsupported_version);
}

TEST_F(BrokerTest, AnUnknownApiIsAnInvalidRequest) {
  auto frame = metadata(8);
  frame[5] = 200;
  handle({frame});
  ASSERT_TRUE(answered(8));
}

TEST_F(BrokerTest, ABodyThatLiesIsAnInvalidRequest) {
  auto frame = metadata(9);
  for (size_t i = wire::FrameHeader::kBytes; i < frame.size(); ++i) frame[i] = 0xff;
  handle({frame});
  EXPECT_EQ(code<wire::MetadataReply>(9), ErrorCode::invalid_request);
}

TEST_F(BrokerTest, FramesThatNameNoRequestAreDropped) {
  handle({});
  handle({{}});
  handle({{1, 2, 3}});
  handle({metadata(10), {1}, {2}});
  EXPECT_TRUE(replies_.order.empty());
}

TEST_F(BrokerTest, AProduceWithoutABatchIsAnInvalidRequest) {
  handle({wire::encode(wire::FrameHeader{Api::produce, 11}, wire::ProduceRequest{"rides", 0, {}})});
  EXPECT_EQ(code<wire::CreateTopicReply>(11), ErrorCode::invalid_request);
}

TEST_F(BrokerTest, ADamagedBatchIsRefusedAndNothingIsWritten) {
  create("rides");
  auto damaged = batch({"a"});
  damaged.back() ^= 1;
  const auto id = produce("rides", damaged);
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(id), ErrorCode::corrupt_message);
  EXPECT_EQ(topics_->log({"rides", 0})->log_end_offset(), 0);
}

}  // namespace
}  // namespace hailstorm::broker
