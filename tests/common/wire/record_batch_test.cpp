#include "common/wire/record_batch.h"

#include <gtest/gtest.h>

#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "common/wire/varint.h"
#include "tests/support/lying_batches.h"
#include "tests/support/matchers.h"

namespace hailstorm::wire {
namespace {

std::vector<uint8_t> two_records() {
  RecordBatchBuilder builder;
  builder.set_producer(7, 1, 40);
  const RecordHeaderView headers[] = {{"h", "v"}, {"null", std::nullopt}};
  builder.append(1000, "key", "value", headers);
  builder.append(900, std::nullopt, std::nullopt);
  return builder.finish();
}

/// Gives the batch the CRC that its bytes deserve, so that the check after the CRC is met.
void fix_crc(std::vector<uint8_t>& batch) {
  put_be(batch.data() + batch_format::kCrc,
         crc32c(Bytes(batch).subspan(batch_format::kAttributes)));
}

TEST(Crc32cTest, AgreesWithTheStandardsCheckValue) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283u);  // RFC 3720 B.4's polynomial
  EXPECT_EQ(crc32c({}), 0u);
}

TEST(RecordBatchTest, WhatWasBuiltIsRead) {
  auto bytes = two_records();
  stamp(bytes, 100, 3);
  auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  EXPECT_EQ(batch->base_offset(), 100);
  EXPECT_EQ(batch->last_offset(), 101);
  EXPECT_EQ(batch->leader_epoch(), 3);
  EXPECT_EQ(batch->base_timestamp_ms(), 1000);
  EXPECT_EQ(batch->max_timestamp_ms(), 1000);
  EXPECT_EQ(batch->producer_id(), 7);
  EXPECT_EQ(batch->producer_epoch(), 1);
  EXPECT_EQ(batch->base_sequence(), 40);
  EXPECT_EQ(batch->last_sequence(), 41);

  RecordReader reader(*batch);
  RecordView record;
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.offset, 100);
  EXPECT_EQ(record.timestamp_ms, 1000);
  EXPECT_EQ(record.key, "key");
  EXPECT_EQ(record.value, "value");
  ASSERT_EQ(record.headers.size(), 2u);
  EXPECT_EQ(record.headers[0].key, "h");
  EXPECT_EQ(record.headers[0].value, "v");
  EXPECT_EQ(record.headers[1].value, std::nullopt);
  ASSERT_TRUE(*reader.next(record));
  EXPECT_EQ(record.offset, 101);
  EXPECT_EQ(record.timestamp_ms, 900);
  EXPECT_EQ(record.key, std::nullopt);
  EXPECT_EQ(record.value, std::nullopt);
  EXPECT_TRUE(record.headers.empty());
  EXPECT_FALSE(*reader.next(record));
}

TEST(RecordBatchTest, BytesAfterTheBatchAreLeftAlone) {
  auto bytes = two_records();
  const size_t size = bytes.size();
  bytes.push_back(0xff);
  auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  EXPECT_EQ(batch->size_bytes(), size);
}

// Invariant 6.
TEST(RecordBatchTest, EveryShorterLengthIsIncomplete) {
  const auto bytes = two_records();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FAILS_WITH(RecordBatchView::parse(Bytes(bytes).first(size)), BatchErrc::incomplete);
  }
}

// Invariant 7. Base offset and leader epoch are the broker's to stamp; the CRC does not cover them.
TEST(RecordBatchTest, EveryFlippedBitUnderTheCrcIsDetected) {
  const auto good = two_records();
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    const size_t byte = bit / 8;
    const bool stamped =
        byte < batch_format::kBatchLength ||
        (byte >= batch_format::kPartitionLeaderEpoch && byte < batch_format::kMagic);
    if (stamped) continue;
    auto bad = good;
    bad[byte] = static_cast<uint8_t>(bad[byte] ^ (1u << (bit % 8)));
    EXPECT_FALSE(RecordBatchView::parse(bad).ok()) << "bit " << bit;
  }
}

TEST(RecordBatchTest, RefusesByNameWhatItDoesNotAccept) {
  const auto with = [](size_t at, auto value) {
    auto bytes = two_records();
    put_be(bytes.data() + at, value);
    fix_crc(bytes);
    return bytes;
  };
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kMagic, int8_t{1})),
                    BatchErrc::bad_magic);
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kAttributes, int16_t{5})),
                    BatchErrc::unknown_codec);
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kAttributes, int16_t{0x20})),
                    BatchErrc::control);
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kRecordCount, 3)),
                    BatchErrc::bad_counts);
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kLastOffsetDelta, -1)),
                    BatchErrc::bad_counts);
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kBatchLength, 0)),
                    BatchErrc::bad_length);
  EXPECT_FAILS_WITH(RecordBatchView::parse(with(batch_format::kBatchLength, -1)),
                    BatchErrc::bad_length);
}

// As Kafka does: a LogAppendTime batch keeps its producer's times in the deltas, where they no
// longer count.
TEST(RecordBatchTest, WhereTheBrokersTimeCountsAllRecordsHaveIt) {
  auto bytes = two_records();
  put_be(bytes.data() + batch_format::kAttributes, batch_format::kTimestampTypeMask);
  put_be(bytes.data() + batch_format::kMaxTimestamp, int64_t{7'000});
  fix_crc(bytes);
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  RecordReader reader(*batch);
  RecordView record;
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(reader.next(record));
    EXPECT_EQ(record.timestamp_ms, 7'000);
  }
}

// A right CRC over records that lie must never read out of bounds.
TEST(RecordBatchTest, EveryFlippedByteUnderAFreshCrcIsReadOrRefused) {
  const auto good = two_records();
  for (size_t byte = batch_format::kHeaderBytes; byte < good.size(); ++byte) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      auto bytes = good;
      bytes[byte] = static_cast<uint8_t>(value);
      fix_crc(bytes);
      auto batch = RecordBatchView::parse(bytes);
      ASSERT_OK(batch);
      const auto verdict = check_records(*batch);
      EXPECT_TRUE(verdict.ok() || verdict.error().is(BatchErrc::bad_record));
    }
  }
}

// Invariant 59.
TEST(RecordBatchTest, ARecordThatLiesIsNamedAndEndsTheReadingThere) {
  for (const auto& [what, record, said] : hailstorm::testing::lies()) {
    SCOPED_TRACE(what);
    const auto bytes = hailstorm::testing::batch_around(record);
    const auto batch = RecordBatchView::parse(bytes);
    ASSERT_OK(batch);
    RecordReader reader(*batch);
    RecordView first;
    ASSERT_TRUE(*reader.next(first));
    EXPECT_EQ(first.value, "value");
    RecordView second;
    for (int i = 0; i < 2; ++i) {  // and stays so
      const auto more = reader.next(second);
      EXPECT_FAILS_WITH(more, BatchErrc::bad_record);
      EXPECT_NE(more.error().message().find(said), std::string::npos) << more.error().message();
      EXPECT_NE(more.error().message().find("record 2 of 3"), std::string::npos);
      EXPECT_EQ(reader.next_offset(), 1);
    }
    EXPECT_FAILS_WITH(check_records(*batch), BatchErrc::bad_record);
  }
}

// Kafka's own readers take them.
TEST(RecordBatchTest, NumbersInMoreBytesThanTheyNeedAreRead) {
  using hailstorm::testing::long_varint;
  const auto bytes = hailstorm::testing::batch_around({.timestamp_delta = long_varint(0, 10),
                                                       .offset_delta = long_varint(1, 5),
                                                       .key_length = long_varint(3, 5),
                                                       .header_count = long_varint(1, 2)});
  EXPECT_OK(check_records(*RecordBatchView::parse(bytes)));
}

TEST(RecordBatchTest, ABatchThatCannotBeDecodedHasAPlaceAllTheSame) {
  auto bytes = two_records();
  stamp(bytes, 40, 0);
  const auto place_with = [&bytes](size_t at, auto value) {
    auto changed = bytes;
    put_be(changed.data() + at, value);
    return place_of_batch(changed);
  };
  const auto compressed = place_with(batch_format::kAttributes, int16_t{4});
  ASSERT_OK(compressed);
  EXPECT_EQ(compressed->size_bytes, bytes.size());
  EXPECT_EQ(compressed->first_offset, 40);
  EXPECT_EQ(compressed->last_offset, 41);
  EXPECT_EQ(place_with(batch_format::kLastOffsetDelta, -7)->last_offset, 40);
  const auto newer = place_with(batch_format::kMagic, int8_t{3});
  ASSERT_OK(newer);
  EXPECT_EQ(newer->last_offset, 40);
  EXPECT_FALSE(newer->knows_last_offset);
  EXPECT_FAILS_WITH(place_with(batch_format::kBatchLength, 10), BatchErrc::bad_length);
  EXPECT_FAILS_WITH(place_with(batch_format::kBatchLength, 1'000), BatchErrc::incomplete);
  for (const int64_t offset : {int64_t{-1}, INT64_MIN, INT64_MAX})
    EXPECT_FAILS_WITH(place_with(batch_format::kBaseOffset, offset), BatchErrc::bad_counts);
}

TEST(RecordBatchTest, ACheckGivesTheTimesOfTheOldestAndTheYoungestRecord) {
  const auto bytes = two_records();
  const auto times = check_records(*RecordBatchView::parse(bytes));
  ASSERT_OK(times);
  EXPECT_EQ(times->oldest_ms, 900);
  EXPECT_EQ(times->youngest_ms, 1000);
}

TEST(RecordBatchTest, ACountThatLiesAboutTheRecordsIsRefused) {
  const auto claiming = [](int32_t count) {
    auto bytes = two_records();
    put_be(bytes.data() + batch_format::kRecordCount, count);
    put_be(bytes.data() + batch_format::kLastOffsetDelta, count - 1);
    fix_crc(bytes);
    return bytes;
  };
  for (const int32_t count : {1, 3}) {
    const auto bytes = claiming(count);
    const auto batch = RecordBatchView::parse(bytes);
    ASSERT_OK(batch);
    EXPECT_FAILS_WITH(check_records(*batch), BatchErrc::bad_record);
  }
  const auto good = claiming(2);
  EXPECT_OK(check_records(*RecordBatchView::parse(good)));
  const auto most = (good.size() - batch_format::kHeaderBytes) / batch_format::kRecordBytesMin;
  const auto too_many = static_cast<int32_t>(most) + 1;
  EXPECT_OK(RecordBatchView::parse(claiming(too_many - 1)));
  for (const int32_t count : {too_many, 1'000'000, INT32_MAX})
    EXPECT_FAILS_WITH(RecordBatchView::parse(claiming(count)), BatchErrc::bad_counts);
}

// Else a record of some bytes would ask for as much memory as it likes.
TEST(RecordBatchTest, ACountOfHeadersThatLiesReservesNothing) {
  constexpr int64_t kClaimed = int64_t{1} << 60;
  const size_t claim_bytes = varint_bytes(kClaimed);
  RecordBatchBuilder builder;
  builder.append(1000, std::nullopt, std::string(claim_bytes, 'x'));
  auto bytes = builder.finish();
  // The value becomes empty, and what was its bytes becomes the count of headers.
  uint8_t* const value = bytes.data() + bytes.size() - 1 - claim_bytes;
  put_varint(value - 1, 0);
  put_varint(value, kClaimed);
  fix_crc(bytes);
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  RecordReader reader(*batch);
  RecordView record;
  EXPECT_FAILS_WITH(reader.next(record), BatchErrc::bad_record);
}

// The shortest record there is: the bound may not refuse a batch of them.
TEST(RecordBatchTest, RecordsOfNothingAreAsShortAsTheBoundSays) {
  RecordBatchBuilder builder;
  for (int i = 0; i < 64; ++i) builder.append(1000, std::nullopt, std::nullopt);
  const auto bytes = builder.finish();
  EXPECT_EQ(bytes.size(), batch_format::kHeaderBytes + 64 * batch_format::kRecordBytesMin);
  EXPECT_OK(RecordBatchView::parse(bytes));
}

// Invariant 23.
TEST(RecordBatchTest, SequencesWrapToZero) {
  RecordBatchBuilder builder;
  builder.set_producer(1, 0, 2147483647);
  builder.append(0, std::nullopt, "a");
  builder.append(0, std::nullopt, "b");
  const auto bytes = builder.finish();
  EXPECT_EQ(RecordBatchView::parse(bytes)->last_sequence(), 0);
}

TEST(RecordBatchTest, TheBuilderIsEmptyAfterwards) {
  RecordBatchBuilder builder;
  builder.append(5, "a", "b");
  const auto first = builder.finish();
  EXPECT_EQ(builder.record_count(), 0);
  builder.append(5, "a", "b");
  EXPECT_EQ(builder.size_bytes(), first.size());
  EXPECT_EQ(builder.finish(), first);
}

}  // namespace
}  // namespace hailstorm::wire
