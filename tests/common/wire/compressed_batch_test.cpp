#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "common/compression/compress.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "tests/support/matchers.h"

namespace hailstorm::wire {
namespace {

using compression::Codec;

constexpr int kRecords = 500;

std::string value_of(int i) { return fmt::format("ride {} requested", i); }

std::vector<uint8_t> batch(Codec codec, int records = kRecords) {
  RecordBatchBuilder builder;
  builder.set_producer(7, 1, 40);
  for (int i = 0; i < records; ++i) builder.append(1'000 + i, "rider", value_of(i));
  return builder.finish(100, codec);
}

/// The records replaced by these bytes, with length and CRC that are true.
std::vector<uint8_t> with_records(std::vector<uint8_t> bytes, Bytes records) {
  bytes.resize(batch_format::kHeaderBytes);
  bytes.insert(bytes.end(), records.begin(), records.end());
  put_be(bytes.data() + batch_format::kBatchLength,
         static_cast<int32_t>(bytes.size() - batch_format::kLengthOverhead));
  put_be(bytes.data() + batch_format::kCrc,
         crc32c(Bytes(bytes).subspan(batch_format::kAttributes)));
  return bytes;
}

class CompressedBatchTest : public ::testing::TestWithParam<Codec> {
 protected:
  [[nodiscard]] static std::vector<uint8_t> compressed(std::string_view plain) {
    compression::Buffer bytes;
    compression::compress(GetParam(), as_bytes(plain), bytes);
    return bytes;
  }
};

TEST_P(CompressedBatchTest, IsSmallerAndReadAsIfItWereNot) {
  const auto bytes = batch(GetParam());
  EXPECT_LT(bytes.size(), batch(Codec::none).size() / 2);
  const auto view = RecordBatchView::parse(bytes);
  ASSERT_OK(view);
  EXPECT_EQ(view->codec(), GetParam());
  EXPECT_EQ(view->last_sequence(), 40 + kRecords - 1);
  RecordReader reader(*view);
  RecordView record;
  for (int i = 0; i < kRecords; ++i) {
    const auto more = reader.next(record);
    ASSERT_OK(more);
    ASSERT_TRUE(*more);
    EXPECT_EQ(record.offset, 100 + i);
    EXPECT_EQ(record.timestamp_ms, 1'000 + i);
    EXPECT_EQ(record.value, value_of(i));
  }
  EXPECT_FALSE(reader.next(record).value());
  EXPECT_EQ(check_records(*view).value().youngest_ms, 1'000 + kRecords - 1);
}

TEST_P(CompressedBatchTest, ABatchThatWouldNotBeSmallerStaysAsItIs) {
  RecordBatchBuilder builder;
  builder.append(1, std::nullopt, "x");
  const auto bytes = builder.finish(0, GetParam());
  const auto view = RecordBatchView::parse(bytes);
  ASSERT_OK(view);
  EXPECT_EQ(view->codec(), Codec::none);
  EXPECT_OK(check_records(*view));
}

TEST_P(CompressedBatchTest, BytesThatAreNotOfTheCodecAreABadRecord) {
  const auto bytes = with_records(batch(GetParam()), as_bytes(std::string(100, '\xee')));
  const auto view = RecordBatchView::parse(bytes);
  ASSERT_OK(view);
  EXPECT_FAILS_WITH(check_records(*view), BatchErrc::bad_record);
  RecordReader reader(*view);
  RecordView record;
  const auto more = reader.next(record);
  EXPECT_FAILS_WITH(more, BatchErrc::bad_record);
  EXPECT_NE(more.error().message().find("cannot be decompressed"), std::string::npos)
      << more.error().message();
  EXPECT_EQ(reader.next_offset(), 100);
}

TEST_P(CompressedBatchTest, FewerRecordsThanItsHeaderClaimsAreABadRecord) {
  auto few = batch(Codec::none, 1);
  const auto records = as_text(Bytes(few).subspan(batch_format::kHeaderBytes));
  const auto bytes = with_records(batch(GetParam()), compressed(records));
  EXPECT_FAILS_WITH(check_records(*RecordBatchView::parse(bytes)), BatchErrc::bad_record);
}

// Invariant 43.
TEST_P(CompressedBatchTest, RecordsThatWouldTakeTooMuchMemoryAreRefusedByThatName) {
  const auto bomb = compressed(std::string(kMaxPlainBytes + 1, '\0'));
  ASSERT_LT(bomb.size(), size_t{1} << 20);
  const auto bytes = with_records(batch(GetParam()), bomb);
  const auto view = RecordBatchView::parse(bytes);
  ASSERT_OK(view);
  EXPECT_FAILS_WITH(check_records(*view), BatchErrc::too_large);
}

TEST_P(CompressedBatchTest, AReaderThatIsMovedReadsOn) {
  const auto bytes = batch(GetParam());
  RecordReader first(*RecordBatchView::parse(bytes));
  RecordView record;
  ASSERT_TRUE(first.next(record).value());
  RecordReader second(std::move(first));
  ASSERT_TRUE(second.next(record).value());
  EXPECT_EQ(record.value, value_of(1));
}

INSTANTIATE_TEST_SUITE_P(Each, CompressedBatchTest, ::testing::ValuesIn(compression::kCodecs),
                         [](const auto& codec) { return std::string(name_of(codec.param)); });

struct Recorded {
  std::string client;
  std::string codec;
  std::vector<uint8_t> bytes;
};

std::vector<Recorded> recorded() {
  std::vector<Recorded> all;
  std::ifstream file(HAILSTORM_FIXTURES "/compressed.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    Recorded one;
    std::string hex;
    words >> one.client >> one.codec >> hex;
    for (size_t at = 0; at + 1 < hex.size(); at += 2) {
      one.bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    }
    all.push_back(one);
  }
  return all;
}

TEST(RecordedBatchTest, WhatLibrdkafkaAndJavaCompressedIsRead) {
  const auto all = recorded();
  ASSERT_EQ(all.size(), 8u);
  for (const Recorded& one : all) {
    SCOPED_TRACE(one.client + " " + one.codec);
    const auto view = RecordBatchView::parse(one.bytes);
    ASSERT_OK(view);
    EXPECT_EQ(name_of(view->codec()), one.codec);
    EXPECT_OK(check_records(*view));
    RecordReader reader(*view);
    RecordView record;
    for (int i = 1; i <= 20; ++i) {
      const auto more = reader.next(record);
      ASSERT_OK(more);
      ASSERT_TRUE(*more);
      EXPECT_EQ(record.key, fmt::format("rider-{}", i));
      EXPECT_EQ(record.value, value_of(i));
    }
  }
}

}  // namespace
}  // namespace hailstorm::wire
