#include "common/wire/codec.h"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/matchers.h"

namespace hailstorm::wire {
namespace {

FetchRequest some_fetch() {
  FetchRequest request;
  request.partitions = {{{"rides", 3}, 42, 100}, {{"", 0}, -1, 0}};
  request.max_wait_ms = 7;
  return request;
}

TEST(CodecTest, AMessageComesBackAsItWas) {
  const auto frame = encode({Api::fetch, 99}, some_fetch());
  auto header = decode_header(frame);
  ASSERT_OK(header);
  EXPECT_EQ(header->header.api, Api::fetch);
  EXPECT_EQ(header->header.correlation_id, 99u);
  auto body = decode<FetchRequest>(header->body);
  ASSERT_OK(body);
  ASSERT_EQ(body->partitions.size(), 2u);
  EXPECT_EQ(body->partitions[0].id, (TopicPartition{"rides", 3}));
  EXPECT_EQ(body->partitions[0].offset, 42);
  EXPECT_EQ(body->max_wait_ms, 7);
}

TEST(CodecTest, SettingsOfATopicComeBackAsTheyWere) {
  CreateTopicRequest request{"rides", {}};
  request.config.flush = FlushPolicy::interval;
  request.config.cleanup = CleanupPolicy::both;
  const auto frame = encode({Api::create_topic, 1}, request);
  auto body = decode<CreateTopicRequest>(decode_header(frame)->body);
  ASSERT_OK(body);
  EXPECT_EQ(body->config, request.config);
}

// Invariant 43.
TEST(CodecTest, EveryShorterFrameIsRefused) {
  const auto frame = encode({Api::fetch, 99}, some_fetch());
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FAILS_WITH(decode_header(Bytes(frame).first(size)),
                      size < FrameHeader::kBytes ? CodecErrc::too_short : CodecErrc::bad_length);
  }
  const Bytes body = Bytes(frame).subspan(FrameHeader::kBytes);
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FAILS_WITH(decode<FetchRequest>(body.first(size)), CodecErrc::bad_body);
  }
}

TEST(CodecTest, BytesAfterTheBodyAreRefused) {
  auto frame = encode({Api::fetch, 99}, some_fetch());
  frame.push_back(0);
  EXPECT_FAILS_WITH(decode_header(frame), CodecErrc::bad_length);
  EXPECT_FAILS_WITH(decode<FetchRequest>(Bytes(frame).subspan(FrameHeader::kBytes)),
                    CodecErrc::bad_body);
}

TEST(CodecTest, AForeignFrameIsRefusedByName) {
  auto frame = encode({Api::metadata, 5}, MetadataRequest{});
  auto bad = frame;
  bad[0] = 'X';
  EXPECT_FAILS_WITH(decode_header(bad), CodecErrc::bad_magic);
  EXPECT_FALSE(peek_header(bad).has_value());
  bad = frame;
  bad[4] = 9;
  EXPECT_FAILS_WITH(decode_header(bad), CodecErrc::unsupported_version);
  EXPECT_EQ(peek_header(bad).value().correlation_id, 5u);
  bad = frame;
  bad[5] = 200;
  EXPECT_FAILS_WITH(decode_header(bad), CodecErrc::unknown_api);
}

// Nine bytes that claim 2^56 topics must not cost memory.
TEST(CodecTest, ASizeTagThatLiesCostsNothing) {
  for (const int top : {0x01, 0x7f, 0xff}) {
    std::vector<uint8_t> body = {
        1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, static_cast<uint8_t>(top)};
    EXPECT_FAILS_WITH(decode<MetadataRequest>(body), CodecErrc::bad_body);
    const auto name = decode<DeleteTopicRequest>(body);
    EXPECT_FAILS_WITH(name, CodecErrc::bad_body);
    EXPECT_NE(name.error().message().find("size tag claims"), std::string::npos)
        << "refused before memory is asked for: " << name.error().message();
  }
}

TEST(CodecTest, RandomBytesAreReadOrRefused) {
  const uint64_t seed = 20'261'123;
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<uint8_t> body(random() % 64);
    for (auto& byte : body)
      byte = static_cast<uint8_t>(random() % 4 == 0 ? random() : random() % 3);
    static_cast<void>(decode<FetchRequest>(body).ok());
    static_cast<void>(decode<GroupHeartbeatRequest>(body).ok());
    static_cast<void>(decode<CreateTopicRequest>(body).ok());
  }
}

}  // namespace
}  // namespace hailstorm::wire
