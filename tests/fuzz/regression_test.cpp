#include <gtest/gtest.h>

#include "broker/groups/offsets_schema.h"
#include "common/wire/crc32c.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
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

}  // namespace
}  // namespace hailstorm
