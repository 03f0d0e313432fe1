#include <gtest/gtest.h>

#include "broker/groups/offsets_schema.h"
#include "tests/support/matchers.h"

/// What fuzzing found, each by name.
namespace hailstorm {
namespace {

TEST(FuzzFindingTest, GroupsTopicOfABillionPartitionsIsUnreadable) {
  groups::PartitionMetadataValue value;
  value.topics.push_back({groups::topic_id("rides"), "rides", 1'000'000'000});
  EXPECT_FAILS_WITH(groups::decode_value<groups::PartitionMetadataValue>(groups::encode(value)),
                    groups::SchemaErrc::unreadable_value);
  value.topics[0].partitions = -1;
  EXPECT_FAILS_WITH(groups::decode_value<groups::PartitionMetadataValue>(groups::encode(value)),
                    groups::SchemaErrc::unreadable_value);
}

}  // namespace
}  // namespace hailstorm
