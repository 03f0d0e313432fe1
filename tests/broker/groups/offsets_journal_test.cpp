#include "broker/groups/offsets_journal.h"

#include <gtest/gtest.h>

namespace hailstorm::groups {
namespace {

// Golden values: Java's "…".hashCode() & 0x7fffffff, modulo 50.
TEST(OffsetsPartitionTest, IsKafkas) {
  EXPECT_EQ(offsets_partition("", 50), 0);
  EXPECT_EQ(offsets_partition("a", 50), 97 % 50);
  EXPECT_EQ(offsets_partition("ab", 50), (97 * 31 + 98) % 50);
  // "polygenelubricants".hashCode() is Integer.MIN_VALUE.
  EXPECT_EQ(offsets_partition("polygenelubricants", 50), 0);
  EXPECT_EQ(offsets_partition("anything", 1), 0);
}

}  // namespace
}  // namespace hailstorm::groups
