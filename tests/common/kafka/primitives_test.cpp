#include "common/kafka/primitives.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace hailstorm::kafka {
namespace {

using namespace std::string_literals;

// The examples are those of Kafka's protocol guide and of its ByteUtilsTest.
TEST(PrimitivesTest, IntegersAreBigEndian) {
  EXPECT_EQ(Writer().integer(int16_t{258}).integer(int32_t{-1}).take(), "\1\2\xff\xff\xff\xff");
}

TEST(PrimitivesTest, UnsignedVarintsTakeSevenBitsAByte) {
  EXPECT_EQ(Writer().unsigned_varint(0).take(), "\0"s);
  EXPECT_EQ(Writer().unsigned_varint(127).take(), "\x7f");
  EXPECT_EQ(Writer().unsigned_varint(128).take(), "\x80\x01");
  EXPECT_EQ(Writer().unsigned_varint(300).take(), "\xac\x02");
  EXPECT_EQ(Writer().unsigned_varint(UINT32_MAX).take(), "\xff\xff\xff\xff\x0f");
}

TEST(PrimitivesTest, CompactLengthsAreOneMoreThanTheLength) {
  EXPECT_EQ(Writer().string("ab").take(), "\0\2ab"s);
  EXPECT_EQ(Writer().compact_string("ab").take(), "\3ab");
  EXPECT_EQ(Writer().compact_string("").take(), "\1");
  EXPECT_EQ(Writer().null_compact_string().take(), "\0"s);
}

TEST(PrimitivesTest, EverythingThatIsWrittenIsReadBack) {
  const Uuid id{{1, 2, 3}};
  const std::string bytes = Writer()
                                .integer(int64_t{-7})
                                .unsigned_varint(300)
                                .uuid(id)
                                .string("plain")
                                .compact_string("compact")
                                .null_compact_string()
                                .length(2)
                                .one_tag(5, "tagged")
                                .take();
  Reader from(bytes);
  EXPECT_EQ(from.integer<int64_t>(), -7);
  EXPECT_EQ(from.unsigned_varint(), 300u);
  EXPECT_EQ(from.uuid(), id);
  EXPECT_EQ(from.string(), "plain");
  EXPECT_EQ(from.compact_string(), "compact");
  EXPECT_EQ(from.compact_string(), "");
  EXPECT_EQ(from.length(), 2u);
  std::vector<std::string> tags;
  from.tags([&](uint64_t tag, std::string_view content) {
    tags.push_back(std::to_string(tag) + " " + std::string(content));
  });
  EXPECT_EQ(tags, std::vector<std::string>{"5 tagged"});
  EXPECT_TRUE(from.finished());
}

TEST(PrimitivesTest, AfterTheFirstFieldThatIsCutShortEverythingReadsAsEmpty) {
  const std::string bytes = "\0\7ab\1"s;
  Reader from(bytes);
  EXPECT_EQ(from.string(), "");
  EXPECT_TRUE(from.failed());
  EXPECT_EQ(from.integer<int32_t>(), 0);
  EXPECT_EQ(from.compact_string(), "");
  EXPECT_EQ(from.uuid(), Uuid());
  EXPECT_FALSE(from.finished());
}

TEST(PrimitivesTest, ALengthAboveWhatIsLeftIsAnErrorBeforeItTakesMemory) {
  Reader from("\xff\xff\xff\xff\x0f");
  EXPECT_EQ(from.length(), 0u);
  EXPECT_TRUE(from.failed());
}

TEST(PrimitivesTest, AVarintOfMoreThanFiveBytesIsAnError) {
  Reader from("\x80\x80\x80\x80\x80\x01");
  EXPECT_EQ(from.unsigned_varint(), 0u);
  EXPECT_TRUE(from.failed());
}

TEST(PrimitivesTest, BytesThatAreLeftOverAreNotFinished) {
  Reader from("\1\2");
  EXPECT_EQ(from.integer<uint8_t>(), 1);
  EXPECT_FALSE(from.failed());
  EXPECT_FALSE(from.finished());
}

}  // namespace
}  // namespace hailstorm::kafka
