#include "common/base/data_folder.h"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/matchers.h"

namespace hailstorm {
namespace {

class DataFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "data-folder-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  auto open(DataFolder::Sharing sharing = DataFolder::Sharing::exclusive, int format = 1) {
    return DataFolder::open(root_ / "data", "hailstorm-test", format, sharing);
  }

  std::filesystem::path root_;
};

TEST_F(DataFolderTest, IsMadeAndMarked) {
  ASSERT_OK(open());
  std::string line;
  std::getline(std::ifstream(root_ / "data" / "VERSION"), line);
  EXPECT_EQ(line, "hailstorm-test 1");
}

TEST_F(DataFolderTest, ASecondOwnerIsRefusedUntilTheFirstLetsGo) {
  {
    auto first = open();
    ASSERT_OK(first);
    EXPECT_FAILS_WITH(open(), FolderErrc::in_use);
    EXPECT_FAILS_WITH(open(DataFolder::Sharing::shared), FolderErrc::in_use);
  }
  EXPECT_OK(open());
}

TEST_F(DataFolderTest, SharersLiveBesideEachOther) {
  auto first = open(DataFolder::Sharing::shared);
  ASSERT_OK(first);
  EXPECT_OK(open(DataFolder::Sharing::shared));
  EXPECT_FAILS_WITH(open(), FolderErrc::in_use);
}

TEST_F(DataFolderTest, AnotherFormatIsRefusedAndTheMessageNamesBoth) {
  ASSERT_OK(open());
  auto newer = open(DataFolder::Sharing::exclusive, 2);
  EXPECT_FAILS_WITH(newer, FolderErrc::other_version);
  EXPECT_NE(newer.error().message().find("hailstorm-test 1"), std::string::npos);
  EXPECT_NE(newer.error().message().find("hailstorm-test 2"), std::string::npos);
}

TEST_F(DataFolderTest, ACrashBeforeTheVersionWasWrittenIsHarmless) {
  std::filesystem::create_directories(root_ / "data");
  std::ofstream(root_ / "data" / "VERSION");
  EXPECT_OK(open());
}

TEST_F(DataFolderTest, AFileInItsPlaceIsNotUsable) {
  std::ofstream(root_ / "data") << "x";
  EXPECT_FAILS_WITH(open(), FolderErrc::not_usable);
}

}  // namespace
}  // namespace hailstorm
