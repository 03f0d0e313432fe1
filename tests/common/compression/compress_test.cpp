#include "common/compression/compress.h"

#include <gtest/gtest.h>
#include <random>
#include <string>

namespace hailstorm::compression {
namespace {

using namespace std::string_literals;

constexpr size_t kMaxBytes = 4 << 20;
constexpr uint64_t kSeed = 4;

Buffer compressed(Codec codec, std::string_view text) {
  Buffer bytes;
  compress(codec, as_bytes(text), bytes);
  return bytes;
}

std::string lines(size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += "ride " + std::to_string(i) + " to 40.7,-73.9\n";
  text.resize(size);
  return text;
}

std::string noise(size_t size) {
  std::mt19937_64 random(kSeed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

class CodecTest : public ::testing::TestWithParam<Codec> {
 protected:
  [[nodiscard]] Status decompress(Bytes bytes, size_t max_bytes = kMaxBytes) {
    return compression::decompress(GetParam(), bytes, max_bytes, out_);
  }
  [[nodiscard]] std::string_view out() const { return as_text(out_); }

  Buffer out_;
};

TEST_P(CodecTest, WhatIsCompressedComesBack) {
  for (const auto& text : {""s, "a"s, lines(1000), lines(100'000), noise(70'000), lines(3 << 20)}) {
    const Buffer bytes = compressed(GetParam(), text);
    const auto status = decompress(bytes);
    ASSERT_TRUE(status.ok()) << status.error().message();
    EXPECT_TRUE(out() == text) << text.size();
    if (text.size() == 100'000) {
      EXPECT_LT(bytes.size(), text.size() / 3);
    }
  }
}

TEST_P(CodecTest, ExactlyTheLimitIsAllowedAndOneByteMoreIsNot) {
  for (const size_t size : {size_t{1}, size_t{65'536}, size_t{300'000}}) {
    const std::string text = lines(size);
    const Buffer bytes = compressed(GetParam(), text);
    const auto exactly = decompress(bytes, size);
    EXPECT_TRUE(exactly.ok()) << exactly.error().message();
    EXPECT_TRUE(out() == text);
    const auto more = decompress(bytes, size - 1);
    ASSERT_FALSE(more.ok()) << size;
    EXPECT_TRUE(more.error().is(CompressionErrc::too_large)) << more.error().message();
    EXPECT_LE(out_.size(), size - 1);
  }
}

TEST_P(CodecTest, ASmallBombIsStoppedAtTheLimit) {
  const Buffer bomb = compressed(GetParam(), std::string(64 << 20, 'z'));
  const auto status = decompress(bomb, 1 << 20);
  ASSERT_FALSE(status.ok());
  EXPECT_TRUE(status.error().is(CompressionErrc::too_large)) << status.error().message();
  EXPECT_LE(out_.capacity(), 1u << 20);
}

TEST_P(CodecTest, WhatIsCutAnywhereIsDamaged) {
  const Buffer bytes = compressed(GetParam(), lines(2000));
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto status = decompress(Bytes(bytes).first(size));
    // Snappy ends where its blocks end, and has a header before them.
    if (GetParam() == Codec::snappy && size == 16) continue;
    ASSERT_FALSE(status.ok()) << size << " of " << bytes.size();
    EXPECT_TRUE(status.error().is(CompressionErrc::damaged)) << status.error().message();
  }
}

TEST_P(CodecTest, NoiseIsNeverMoreThanAnError) {
  for (size_t size = 0; size < 300; ++size) {
    const std::string bytes = noise(size);
    const auto status = decompress(as_bytes(bytes));
    if (status.ok()) {
      EXPECT_LE(out_.size(), kMaxBytes);
    }
  }
}

TEST_P(CodecTest, ADamagedByteIsAnErrorOrGivesBytesWithinTheLimit) {
  const Buffer good = compressed(GetParam(), lines(2000));
  for (size_t at = 0; at < good.size(); ++at) {
    Buffer bytes = good;
    bytes[at] = static_cast<uint8_t>(bytes[at] ^ 0x41);
    if (decompress(bytes, 10'000).ok()) {
      EXPECT_LE(out_.size(), 10'000u);
    }
  }
}

TEST_P(CodecTest, TwoStreamsAreReadAsOne) {
  Buffer bytes = compressed(GetParam(), "one ");
  const Buffer second = compressed(GetParam(), "two");
  bytes.insert(bytes.end(), second.begin(), second.end());
  const auto status = decompress(bytes);
  ASSERT_TRUE(status.ok()) << status.error().message();
  EXPECT_EQ(out(), "one two");
}

TEST_P(CodecTest, ABufferIsUsedAgain) {
  Buffer out(1000, 'x');
  const auto* const memory = out.data();
  ASSERT_TRUE(compression::decompress(GetParam(), compressed(GetParam(), "short"), 1000, out).ok());
  EXPECT_EQ(as_text(out), "short");
  EXPECT_EQ(out.data(), memory);
}

INSTANTIATE_TEST_SUITE_P(Each, CodecTest, ::testing::ValuesIn(kCodecs),
                         [](const auto& codec) { return std::string(name_of(codec.param)); });

TEST(CodecNumberTest, AnUnknownNumberIsAnError) {
  Buffer out;
  const auto status = decompress(static_cast<Codec>(5), {}, 10, out);
  ASSERT_FALSE(status.ok());
  EXPECT_TRUE(status.error().is(CompressionErrc::unknown_codec));
}

TEST(CodecNumberTest, NoneIsACopy) {
  Buffer out;
  ASSERT_TRUE(decompress(Codec::none, as_bytes("abc"), 3, out).ok());
  EXPECT_EQ(as_text(out), "abc");
  EXPECT_TRUE(
      decompress(Codec::none, as_bytes("abc"), 2, out).error().is(CompressionErrc::too_large));
}

// What librdkafka writes: no framing, but one block. Its text follows the format's description.
TEST(SnappyTest, APlainBlockIsReadToo) {
  Buffer out;
  ASSERT_TRUE(decompress(Codec::snappy, as_bytes("\5\x10hello"), 10, out).ok());
  EXPECT_EQ(as_text(out), "hello");
}

TEST(SnappyTest, ABlockThatClaimsMoreThanItHoldsTakesNoMemory) {
  Buffer out;
  const auto status =
      decompress(Codec::snappy, as_bytes("\x80\x80\x80\x01\x10hello"), 8 << 20, out);
  ASSERT_FALSE(status.ok());
  EXPECT_TRUE(status.error().is(CompressionErrc::damaged)) << status.error().message();
  EXPECT_EQ(out.capacity(), 0u);
}

}  // namespace
}  // namespace hailstorm::compression
