#include "services/traffic/claim.h"

#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::traffic {
namespace {

using hailstorm::testing::TempFolder;

class ClaimTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  const std::string file_ = (folder_.path() / "claimed").string();
};

TEST_F(ClaimTest, EachClaimBeginsWhereTheLastEnded) {
  EXPECT_EQ(claim_rides(file_, 100).value(), 0);
  EXPECT_EQ(claim_rides(file_, 1).value(), 100);
  EXPECT_EQ(claim_rides(file_, 5).value(), 101);
}

TEST_F(ClaimTest, EveryRideIsClaimedOnce) {
  std::vector<std::vector<int64_t>> taken(4);
  {
    std::vector<std::jthread> riders;
    for (auto& mine : taken) {
      riders.emplace_back([&] {
        for (int i = 0; i < 50; ++i) mine.push_back(claim_rides(file_, 1).value());
      });
    }
  }
  std::set<int64_t> all;
  for (const auto& mine : taken) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 200U);
  EXPECT_EQ(*all.rbegin(), 199);
}

TEST_F(ClaimTest, AFileOfSomethingElseIsRefused) {
  std::ofstream(file_) << "hello";
  EXPECT_FAILS_WITH(claim_rides(file_, 1), ClaimErrc::unusable);
}

TEST_F(ClaimTest, AFolderThatIsNotThereIsRefused) {
  EXPECT_FAILS_WITH(claim_rides((folder_.path() / "no" / "claimed").string(), 1),
                    ClaimErrc::unusable);
}

}  // namespace
}  // namespace hailstorm::traffic
