#include "common/base/counted.h"

#include <cstddef>
#include <gtest/gtest.h>

namespace hailstorm {
namespace {

TEST(CountedTest, OnlyOneIsSingular) {
  EXPECT_EQ(counted(0, "fault"), "0 faults");
  EXPECT_EQ(counted(1, "fault"), "1 fault");
  EXPECT_EQ(counted(size_t{12}, "fault"), "12 faults");
}

}  // namespace
}  // namespace hailstorm
