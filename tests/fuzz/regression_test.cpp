#include <gtest/gtest.h>
#include <random>
#include <string>

#include "broker/groups/group_schema.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "tests/fuzz/targets.h"
#include "tests/support/lying_batches.h"
#include "tests/support/matchers.h"

/// What fuzzing found, each by name.
namespace hailstorm {
namespace {

TEST(FuzzFindingTest, GroupsTopicOfABillionPartitionsIsUnreadable) {
  groups::PartitionMetadataValue value;
  value.topics.push_back({groups::id_before_ids("rides"), "rides", 1'000'000'000});
  EXPECT_FAILS_WITH(groups::decode_value<groups::PartitionMetadataValue>(groups::encode(value)),
                    groups::SchemaErrc::unreadable_value);
  value.topics[0].partitions = -1;
  EXPECT_FAILS_WITH(groups::decode_value<groups::PartitionMetadataValue>(groups::encode(value)),
                    groups::SchemaErrc::unreadable_value);
}

std::vector<uint8_t> two_records() {
  wire::RecordBatchBuilder builder;
  builder.append(1'000, "k", "a");
  builder.append(1'000, "k", "b");
  return builder.finish();
}

// Invariant 4: two records of a batch never stand at one offset, whatever a client made up.
TEST(FuzzFindingTest, RecordWithAnothersOffsetDeltaIsABadRecord) {
  auto bytes = two_records();
  // The second record: length, attributes, timestamp delta, offset delta.
  const size_t second =
      wire::batch_format::kHeaderBytes + (bytes.size() - wire::batch_format::kHeaderBytes) / 2;
  ASSERT_EQ(bytes[second + 3], 2) << "zigzag of 1";
  bytes[second + 3] = 0;
  put_be(bytes.data() + wire::batch_format::kCrc,
         wire::crc32c(Bytes(bytes).subspan(wire::batch_format::kAttributes)));
  const auto batch = wire::RecordBatchView::parse(bytes);
  ASSERT_OK(batch);
  EXPECT_FAILS_WITH(wire::check_records(*batch), wire::BatchErrc::bad_record);
}

TEST(FuzzFindingTest, BatchBeyondTheLastOffsetIsRefused) {
  auto bytes = two_records();
  for (const int64_t offset : {int64_t{-1}, INT64_MIN, INT64_MAX - 1}) {
    wire::stamp(bytes, offset, 0);
    EXPECT_FAILS_WITH(wire::RecordBatchView::parse(bytes), wire::BatchErrc::bad_counts);
  }
}

/// One to three changes of bytes, of which some become numbers that do not end.
std::string changed(std::string bytes, std::mt19937_64& random) {
  const auto draw = [&random](size_t below) { return static_cast<size_t>(random() % below); };
  for (size_t changes = 1 + draw(3); changes > 0; --changes) {
    const size_t at = draw(bytes.size());
    const char value =
        draw(2) == 0 ? static_cast<char>(draw(256)) : "\x00\x01\x02\x7f\x80\xff"[draw(6)];
    if (const size_t kind = draw(4); kind == 0) {
      bytes.insert(at, 1 + draw(10), value);
    } else if (kind == 1 && bytes.size() > 2) {
      bytes.erase(at, 1);
    } else {
      bytes[at] = value;
    }
  }
  return bytes;
}

// Invariant 59. The target compares the broker, our reader, and a second reading of the format.
TEST(RecordPropertyTest, TheBrokerTakesExactlyWhatEveryReaderDecodes) {
  std::mt19937_64 random(20'261'128);
  testing::RecordFields fields[3];
  for (int64_t i = 0; i < 3; ++i) fields[i].offset_delta = testing::varint(i);
  const std::string sound = fields[0].bytes() + fields[1].bytes() + fields[2].bytes();
  fuzz::record_batch(testing::batch_of_bytes(sound, 3));
  for (int i = 0; i < 30'000; ++i)
    fuzz::record_batch(testing::batch_of_bytes(changed(sound, random), 3));
  for (const auto& lie : testing::lies()) fuzz::record_batch(testing::batch_around(lie.record));
}

}  // namespace
}  // namespace hailstorm
