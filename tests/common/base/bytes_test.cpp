#include "common/base/bytes.h"

#include <array>
#include <gtest/gtest.h>
#include <limits>

namespace hailstorm {
namespace {

template <class T>
T round_trip(T value) {
  std::array<uint8_t, sizeof(T)> bytes{};
  put_be(bytes.data(), value);
  return get_be<T>(bytes.data());
}

TEST(BytesTest, IntegersAreBigEndian) {
  std::array<uint8_t, 4> bytes{};
  put_be<int32_t>(bytes.data(), 0x01020304);
  EXPECT_EQ(bytes, (std::array<uint8_t, 4>{1, 2, 3, 4}));
}

TEST(BytesTest, ExtremeIntegersAreReadBack) {
  for (const int64_t value : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min(),
                              std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(round_trip(value), value);
  }
  EXPECT_EQ(round_trip<int8_t>(-128), -128);
  EXPECT_EQ(round_trip<uint16_t>(65535), 65535);
}

}  // namespace
}  // namespace hailstorm
