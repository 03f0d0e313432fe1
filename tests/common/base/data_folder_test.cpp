#include "common/base/data_folder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <string>

#include "tests/support/matchers.h"

// The linker sends the program's calls here (--wrap).
namespace {
std::set<std::string> synced;  // paths
}
extern "C" {
int __real_fsync(int);
int __wrap_fsync(int fd) {
  synced.insert(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd)).string());
  return __real_fsync(fd);
}
}

namespace hailstorm {
namespace {

class DataFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "data-folder-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = std::filesystem::canonical(pattern);
    synced.clear();
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  auto open(DataFolder::Sharing sharing = DataFolder::Sharing::exclusive, int format = 1) {
    return DataFolder::open(root_ / "data", "hailstorm-test", format, sharing);
  }

  auto look(int format = 1) { return DataFolder::look(root_ / "data", "hailstorm-test", format); }

  std::filesystem::path root_;
};

TEST_F(DataFolderTest, IsMadeAndMarked) {
  ASSERT_OK(open());
  std::string line;
  std::getline(std::ifstream(root_ / "data" / "VERSION"), line);
  EXPECT_EQ(line, "hailstorm-test 1");
}

// Invariant 1: without its own name a folder's contents are gone, however often they were synced.
TEST_F(DataFolderTest, WhatIsMadeSurvivesAPowerCut) {
  ASSERT_OK(DataFolder::open(root_ / "a" / "b" / "data/", "hailstorm-test", 1,
                             DataFolder::Sharing::exclusive));
  for (const auto& made : {root_, root_ / "a", root_ / "a" / "b", root_ / "a" / "b" / "data",
                           root_ / "a" / "b" / "data" / "VERSION"})
    EXPECT_TRUE(synced.contains(made.string())) << made;
}

TEST_F(DataFolderTest, AFolderThatAKilledStartMadeSurvivesToo) {
  std::filesystem::create_directories(root_ / "data");
  ASSERT_OK(open());
  EXPECT_TRUE(synced.contains(root_.string()));
  synced.clear();
  ASSERT_OK(open());
  EXPECT_TRUE(synced.empty());
}

TEST_F(DataFolderTest, ARelativePathIsOne) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(root_);
  EXPECT_OK(DataFolder::open("data", "hailstorm-test", 1, DataFolder::Sharing::exclusive));
  std::filesystem::current_path(before);
  EXPECT_TRUE(synced.contains(root_.string()));
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

TEST_F(DataFolderTest, ALookMakesNothing) {
  EXPECT_FAILS_WITH(look(), FolderErrc::not_usable);
  EXPECT_FALSE(std::filesystem::exists(root_ / "data"));
  std::filesystem::create_directories(root_ / "data");
  EXPECT_FAILS_WITH(look(), FolderErrc::not_usable);
  EXPECT_TRUE(std::filesystem::is_empty(root_ / "data"));
}

TEST_F(DataFolderTest, ALookIsRefusedWhileThereIsAnOwnerAndKeepsOneAway) {
  {
    auto owner = open();
    ASSERT_OK(owner);
    EXPECT_FAILS_WITH(look(), FolderErrc::in_use);
  }
  auto looking = look();
  ASSERT_OK(looking);
  EXPECT_OK(look());
  EXPECT_FAILS_WITH(open(), FolderErrc::in_use);
  EXPECT_FAILS_WITH(look(2), FolderErrc::other_version);
}

TEST_F(DataFolderTest, ACopyWithoutItsLockMayBeLookedAt) {
  ASSERT_OK(open());
  std::filesystem::remove(root_ / "data" / "LOCK");
  EXPECT_OK(look());
  EXPECT_FALSE(std::filesystem::exists(root_ / "data" / "LOCK"));
}

}  // namespace
}  // namespace hailstorm
