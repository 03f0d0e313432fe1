#include "common/base/error.h"

#include <gtest/gtest.h>
#include <memory>

#include "common/base/result.h"

namespace hailstorm {
namespace {

enum class DiskErrc { broken, full };
std::string_view name_of(DiskErrc code) { return code == DiskErrc::full ? "full" : "broken"; }
enum class NetErrc { broken };

Result<int> half(int n) {
  if (n % 2 != 0) return Error(DiskErrc::full, "odd");
  return n / 2;
}

Result<int> quarter(int n) {
  HAIL_ASSIGN_OR_RETURN(const int h, half(n));
  return half(h);
}

Status check_even(int n) {
  HAIL_RETURN_IF_ERROR(half(n));
  return {};
}

TEST(ErrorTest, CodesOfDistinctLayersAreDistinctEvenWithTheSameNumber) {
  const Error error(DiskErrc::broken, "disk");
  EXPECT_TRUE(error.is(DiskErrc::broken));
  EXPECT_FALSE(error.is(DiskErrc::full));
  EXPECT_FALSE(error.is(NetErrc::broken));
  EXPECT_FALSE(error.as<NetErrc>().has_value());
  EXPECT_EQ(error.as<DiskErrc>(), DiskErrc::broken);
}

TEST(ErrorTest, ContextComesFirst) {
  const Error error = Error(DiskErrc::full, "no room").in("segment 3");
  EXPECT_EQ(error.message(), "segment 3: no room");
  EXPECT_EQ(error.name(), "full");
}

TEST(ResultTest, ErrorsTravelThroughTheMacros) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_TRUE(quarter(6).error().is(DiskErrc::full));
  EXPECT_TRUE(check_even(2).ok());
  EXPECT_FALSE(check_even(3).ok());
}

TEST(ResultTest, AResultMayHoldAValueThatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultDeathTest, ReadingTheValueOfAnErrorAborts) {
  EXPECT_DEATH(static_cast<void>(*half(3)), "check failed");
  EXPECT_DEATH(static_cast<void>(half(2).error()), "check failed");
}

}  // namespace
}  // namespace hailstorm
