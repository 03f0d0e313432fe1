#include <fmt/format.h>

#include "common/compression/compress.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "tests/broker/api/broker_fixture.h"

namespace hailstorm::broker {
namespace {

namespace format = wire::batch_format;
using compression::Codec;
using wire::ErrorCode;
using Contents = std::vector<uint8_t>;

constexpr int kRecords = 100;

class CompressedBatchTest : public BrokerFixture, public ::testing::WithParamInterface<Codec> {
 protected:
  void SetUp() override { create("rides"); }

  static std::vector<std::string> sent() {
    std::vector<std::string> values;
    for (int i = 0; i < kRecords; ++i) values.push_back(fmt::format("ride {}", i));
    return values;
  }
  static Contents batch() {
    wire::RecordBatchBuilder builder;
    int64_t time_ms = 1'000;
    for (const std::string& value : sent()) builder.append(time_ms++, "rider", value);
    return builder.finish(0, GetParam());
  }
  /// The same header over other records.
  static Contents batch_of(const Contents& records) {
    Contents bytes = batch();
    bytes.resize(format::kHeaderBytes);
    bytes.insert(bytes.end(), records.begin(), records.end());
    put_be(bytes.data() + format::kBatchLength,
           static_cast<int32_t>(bytes.size() - format::kLengthOverhead));
    put_be(bytes.data() + format::kCrc, wire::crc32c(Bytes(bytes).subspan(format::kAttributes)));
    return bytes;
  }
  void expect_refused(Contents bytes, ErrorCode code) {
    const auto id = produce("rides", std::move(bytes));
    sync();
    const auto answer = reply<wire::ProduceReply>(id);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(wire::name_of(answer->outcome.code), wire::name_of(code)) << answer->outcome.message;
    EXPECT_EQ(topics_->partition({"rides", 0})->size_bytes(), 0);
  }
};

TEST_P(CompressedBatchTest, IsStoredAndServedAsItCame) {
  const Contents bytes = batch();
  for (int i = 0; i < 2; ++i) {
    const auto id = produce("rides", bytes);
    sync();
    ASSERT_EQ(code<wire::ProduceReply>(id), ErrorCode::none);
  }
  EXPECT_EQ(topics_->partition({"rides", 0})->size_bytes(), static_cast<int64_t>(2 * bytes.size()));
  restart();
  const auto id = fetch("rides", 0);
  auto expected = sent();
  for (const std::string& value : sent()) expected.push_back(value);
  EXPECT_EQ(values(id), expected);
}

TEST_P(CompressedBatchTest, ATimeInItsMiddleLeadsToItsRecord) {
  produce("rides", batch());
  sync();
  const auto id =
      send(wire::Api::list_offsets, wire::ListOffsetsRequest{{{"rides", 0}}, 1'000 + 42});
  EXPECT_EQ(reply<wire::ListOffsetsReply>(id)->offsets.at(0).offset, 42);
}

// Invariant 59.
TEST_P(CompressedBatchTest, IsRefusedWhereNobodyCouldDecompressIt) {
  expect_refused(batch_of(Contents(200, 0xee)), ErrorCode::invalid_record);
}

// Invariant 43.
TEST_P(CompressedBatchTest, IsRefusedWhereItWouldTakeTooMuchMemory) {
  Contents bomb;
  compression::compress(GetParam(), Contents(wire::kMaxPlainBytes + 1, 0), bomb);
  expect_refused(batch_of(bomb), ErrorCode::message_too_large);
}

INSTANTIATE_TEST_SUITE_P(Each, CompressedBatchTest, ::testing::ValuesIn(compression::kCodecs),
                         [](const auto& codec) { return std::string(name_of(codec.param)); });

}  // namespace
}  // namespace hailstorm::broker
