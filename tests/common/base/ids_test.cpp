#include "common/base/ids.h"

#include <gtest/gtest.h>
#include <regex>
#include <set>

namespace hailstorm {
namespace {

TEST(IdsTest, AreVersionFourUuids) {
  IdGenerator ids;
  const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = ids.uuid().text();
    EXPECT_TRUE(std::regex_match(id, uuid)) << id;
    EXPECT_TRUE(seen.insert(id).second) << id << " came twice";
  }
}

TEST(IdsTest, TheSameSeedGivesTheSameIds) {
  IdGenerator one(7);
  IdGenerator two(7);
  IdGenerator other(8);
  EXPECT_EQ(one.uuid(), two.uuid());
  EXPECT_NE(one.uuid(), other.uuid());
}

}  // namespace
}  // namespace hailstorm
