#include "common/wire/partitioner.h"

#include <gtest/gtest.h>

namespace hailstorm::wire {
namespace {

// Invariant 16. The vectors are those of Kafka's own UtilsTest.testMurmur2.
TEST(PartitionerTest, HashesAsKafkasClientsDo) {
  EXPECT_EQ(murmur2("21"), -973932308);
  EXPECT_EQ(murmur2("foobar"), -790332482);
  EXPECT_EQ(murmur2("a-little-bit-long-string"), -985981536);
  EXPECT_EQ(murmur2("a-little-bit-longer-string"), -1486304829);
  EXPECT_EQ(murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"), -58897971);
  EXPECT_EQ(murmur2("abc"), 479470107);
}

// Invariant 16. Kafka's own vectors are all ASCII; these are what its Python client makes of UTF-8.
TEST(PartitionerTest, BytesHaveNoSign) {
  EXPECT_EQ(murmur2("\xc3\xa4"), -1937952267);
  EXPECT_EQ(murmur2("Z\xc3\xbcrich"), -1551140815);
  EXPECT_EQ(murmur2("S\xc3\xa3o Paulo"), -1951863848);
  EXPECT_EQ(murmur2("\xe6\x9d\xb1\xe4\xba\xac"), -1368386005);
}

// Invariant 16.
TEST(PartitionerTest, NegativeHashesFindAPartitionToo) {
  EXPECT_EQ(partition_for_key("21", 4), (-973932308 & 0x7fffffff) % 4);
  EXPECT_EQ(partition_for_key("21", 3), (-973932308 & 0x7fffffff) % 3);
  for (const char* key : {"", "a", "ab", "abc", "abcd"}) {
    const int32_t partition = partition_for_key(key, 3);
    EXPECT_GE(partition, 0);
    EXPECT_LT(partition, 3);
  }
}

}  // namespace
}  // namespace hailstorm::wire
