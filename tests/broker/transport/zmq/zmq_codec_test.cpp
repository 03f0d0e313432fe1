#include "broker/transport/zmq/zmq_codec.h"

#include "common/base/logging.h"
#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

using wire::Api;
using wire::ErrorCode;

class ZmqCodecTest : public BrokerFixture {
 protected:
  void handle(std::vector<std::vector<uint8_t>> frames) {
    std::vector<MutableBytes> views(frames.begin(), frames.end());
    codec_->handle(*broker_, kSession, views);
  }
  static std::vector<uint8_t> metadata(uint64_t id) {
    return wire::encode(wire::FrameHeader{Api::metadata, id}, wire::MetadataRequest{});
  }
};

TEST_F(ZmqCodecTest, IsReadyOnceItIsLoaded) { EXPECT_FALSE(health_.not_ready_reason().has_value()); }

TEST_F(ZmqCodecTest, AnotherVersionIsRefusedByThatName) {
  auto frame = metadata(7);
  frame[4] = 9;
  handle({frame});
  EXPECT_EQ(code<wire::OutcomeOnly>(7), ErrorCode::unsupported_version);
}

TEST_F(ZmqCodecTest, AnUnknownApiIsAnInvalidRequest) {
  const wire::FrameHeader header{static_cast<Api>(200), 8};
  handle({wire::encode(header, wire::MetadataRequest{})});
  EXPECT_EQ(code<wire::OutcomeOnly>(8), ErrorCode::invalid_request);
}

TEST_F(ZmqCodecTest, ABodyThatLiesIsAnInvalidRequest) {
  auto frame = metadata(9);
  for (size_t i = wire::FrameHeader::kBytes; i < frame.size(); ++i) frame[i] = 0xff;
  handle({frame});
  EXPECT_EQ(code<wire::MetadataReply>(9), ErrorCode::invalid_request);
}

TEST_F(ZmqCodecTest, FramesThatNameNoRequestAreDropped) {
  handle({});
  handle({{}});
  handle({{1, 2, 3}});
  handle({metadata(10), {1}, {2}});
  EXPECT_TRUE(replies_.order.empty());
}

/// How often `what` stands in `text`.
size_t count_in(const std::string& text, const std::string& what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// Invariant 44: nonsense is reported, and cannot fill the log.
TEST_F(ZmqCodecTest, WhatIsDroppedIsCountedAndTheLogSaysWhyOnceASecond) {
  replies_.broke_session = kSession;
  init_logging("broker");
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 1'000; ++i) {
    codec_->handle(*broker_, kOtherSession, {});
    handle({metadata(10)});
  }
  replies_.broke_session = 0;
  handle({{1, 2, 3}});
  const std::string log = ::testing::internal::GetCapturedStderr();
  const auto lines_of = [&](const std::string& reason) {
    return count_in(log, R"("msg":"dropped","reason":")" + reason + R"(","because":")");
  };
  // The 1,000 may take longer than one second on a busy machine.
  EXPECT_GE(lines_of("frame_count"), 1U) << log;
  EXPECT_LE(lines_of("frame_count"), 10U) << log;
  EXPECT_GE(lines_of("no_credit"), 1U) << log;
  EXPECT_LE(lines_of("no_credit"), 10U) << log;
  EXPECT_EQ(lines_of("malformed"), 1U) << log;
  EXPECT_EQ(count_in(log, R"("so_far":1})"), 3U) << log;
  const std::string metrics = metrics_.render();
  EXPECT_EQ(count_in(metrics, R"({reason="frame_count"} 1000)"), 1U) << metrics;
  EXPECT_EQ(count_in(metrics, R"({reason="no_credit"} 1000)"), 1U) << metrics;
  EXPECT_EQ(count_in(metrics, R"({reason="malformed"} 1)"), 1U) << metrics;
}

TEST_F(ZmqCodecTest, AProduceWithoutABatchIsAnInvalidRequest) {
  handle({wire::encode(wire::FrameHeader{Api::produce, 11}, wire::ProduceRequest{"rides", 0, {}})});
  EXPECT_EQ(code<wire::OutcomeOnly>(11), ErrorCode::invalid_request);
}

TEST_F(ZmqCodecTest, ADamagedBatchIsRefusedAndNothingIsWritten) {
  create("rides");
  auto damaged = batch({"a"});
  damaged.back() ^= 1;
  const auto id = produce("rides", damaged);
  sync();
  EXPECT_EQ(code<wire::ProduceReply>(id), ErrorCode::corrupt_message);
  EXPECT_EQ(topics_->partition({"rides", 0})->log_end_offset(), 0);
}

}  // namespace
}  // namespace hailstorm::broker
