#include "common/base/data_folder.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <sys/stat.h>

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
TEST_F(DataFolderTest, AFolderThatWasMadeSurvivesAPowerCut) {
  ASSERT_OK(DataFolder::open(root_ / "a" / "b" / "data/", "hailstorm-test", 1,
                             DataFolder::Sharing::exclusive));
  for (const auto& made : {root_, root_ / "a", root_ / "a" / "b", root_ / "a" / "b" / "data"})
    EXPECT_TRUE(synced.contains(made.string())) << made;
  EXPECT_TRUE(std::any_of(synced.begin(), synced.end(), [](const std::string& path) {
    return path.find("/data/VERSION.") != std::string::npos;  // before it gets its name
  }));
}

TEST_F(DataFolderTest, AFolderThatAKilledStartMadeSurvivesAPowerCutToo) {
  std::filesystem::create_directories(root_ / "data");
  ASSERT_OK(open());
  EXPECT_TRUE(synced.contains(root_.string()));
  synced.clear();
  ASSERT_OK(open());
  EXPECT_TRUE(synced.empty());
}

mode_t rights_of(const std::filesystem::path& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

TEST_F(DataFolderTest, OnlyItsOwnerMayEnterAFolder) {
  ASSERT_OK(
      DataFolder::open(root_ / "a" / "data", "hailstorm-test", 1, DataFolder::Sharing::exclusive));
  EXPECT_EQ(rights_of(root_ / "a"), 0700U);
  EXPECT_EQ(rights_of(root_ / "a" / "data"), 0700U);
  EXPECT_EQ(rights_of(root_ / "a" / "data" / "LOCK"), 0600U);
  EXPECT_EQ(rights_of(root_ / "a" / "data" / "VERSION"), 0600U);
}

TEST_F(DataFolderTest, AnOlderFolderLosesItsPermissionsForOthersAndTheLogSaysSo) {
  const auto data = root_ / "data";
  ASSERT_OK(open());
  std::filesystem::create_directory(data / "rides-0");
  std::ofstream(data / "rides-0" / "0.log") << "record";
  std::ofstream(root_ / "elsewhere") << "of another program";
  std::filesystem::create_symlink(root_ / "elsewhere", data / "link");
  for (const auto& path : {root_ / "elsewhere", data, data / "LOCK", data / "VERSION",
                           data / "rides-0", data / "rides-0" / "0.log"}) {
    ASSERT_EQ(::chmod(path.c_str(), std::filesystem::is_directory(path) ? 0755 : 0644), 0);
  }
  const auto look_around = [&] {
    ::testing::internal::CaptureStderr();
    EXPECT_OK(open());
    return ::testing::internal::GetCapturedStderr();
  };
  const std::string log = look_around();
  EXPECT_NE(log.find("was open to other users"), std::string::npos) << log;
  EXPECT_EQ(rights_of(data), 0700U);
  EXPECT_EQ(rights_of(data / "rides-0"), 0700U);
  for (const char* file : {"LOCK", "VERSION", "rides-0/0.log"})
    EXPECT_EQ(rights_of(data / file), 0600U) << file;
  EXPECT_EQ(rights_of(root_ / "elsewhere"), 0644U) << "what a link leads to is not the folder's";
  EXPECT_EQ(look_around(), "");
}

TEST_F(DataFolderTest, ARelativePathIsTaken) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(root_);
  EXPECT_OK(DataFolder::open("data", "hailstorm-test", 1, DataFolder::Sharing::exclusive));
  std::filesystem::current_path(before);
  EXPECT_TRUE(synced.contains(root_.string()));
}

TEST_F(DataFolderTest, ASecondOwnerIsRefusedUntilTheFirstEnds) {
  {
    auto first = open();
    ASSERT_OK(first);
    EXPECT_FAILS_WITH(open(), FolderErrc::in_use);
    EXPECT_FAILS_WITH(open(DataFolder::Sharing::shared), FolderErrc::in_use);
  }
  EXPECT_OK(open());
}

TEST_F(DataFolderTest, ProcessesThatShareAFolderMayHaveItTogether) {
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

TEST_F(DataFolderTest, AFolderFromACrashBeforeItsVersionWasWrittenIsTaken) {
  std::filesystem::create_directories(root_ / "data" / "lost+found");
  std::ofstream(root_ / "data" / "LOCK");
  std::ofstream(root_ / "data" / "VERSION.a1B2c3");
  EXPECT_OK(open());
}

// Our programs write it whole, so this is no crash.
TEST_F(DataFolderTest, OwnerAndReaderRefuseAnUnreadableVersionInTheSameWords) {
  ASSERT_OK(open());
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("hailstorm-test"),
        std::string("hailstorm-test 1 "), std::string("hailstorm-test 1\r\n"),
        std::string("hailstorm-test 1\nhailstorm-test 1\n"), std::string("hailstorm-test 1\0", 17),
        std::string(1 << 20, 'x'), std::string("\x1b[2J")}) {
    std::ofstream(root_ / "data" / "VERSION", std::ios::trunc) << text;
    const auto opened = open();
    ASSERT_FALSE(opened.ok()) << text;
    const auto looked = look();
    ASSERT_FALSE(looked.ok()) << text;
    EXPECT_EQ(opened.error().message(), looked.error().message());
    EXPECT_TRUE(opened.error().is(FolderErrc::damaged) ||
                opened.error().is(FolderErrc::other_version));
    EXPECT_NE(opened.error().message().find((root_ / "data").string()), std::string::npos);
    EXPECT_EQ(opened.error().message().find('\x1b'), std::string::npos);
    std::string kept;
    std::getline(std::ifstream(root_ / "data" / "VERSION"), kept, '\0');
    EXPECT_EQ(kept, text.substr(0, text.find('\0'))) << "it was written over";
  }
  std::ofstream(root_ / "data" / "VERSION", std::ios::trunc) << "hailstorm-test 1";
  EXPECT_OK(open());
}

TEST_F(DataFolderTest, AVersionThatIsNoFileIsRefused) {
  std::filesystem::create_directories(root_ / "data" / "VERSION");
  EXPECT_FAILS_WITH(open(), FolderErrc::not_usable);
  EXPECT_FAILS_WITH(look(), FolderErrc::not_usable);
  std::filesystem::remove(root_ / "data" / "VERSION");
  ASSERT_EQ(::mkfifo((root_ / "data" / "VERSION").c_str(), 0644), 0);
  EXPECT_FAILS_WITH(open(), FolderErrc::damaged);
}

TEST_F(DataFolderTest, AFolderThatHoldsFilesOfOthersIsRefusedAndStaysAsItWas) {
  const auto names = [&] {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_))
      found.insert(entry.path().filename().string());
    return found;
  };
  for (const std::string name : {"notes.txt", ".hidden", "topics.json", "VERSION.txt", "\x1b[2J"}) {
    std::filesystem::remove_all(root_ / "data");
    std::filesystem::create_directories(root_ / "data");
    std::ofstream(root_ / "data" / name) << "x";
    const auto before = names();
    const auto opened = open();
    EXPECT_FAILS_WITH(opened, FolderErrc::not_ours);
    EXPECT_EQ(opened.error().message().find('\x1b'), std::string::npos);
    EXPECT_EQ(names(), before) << name;
  }
  std::filesystem::remove_all(root_ / "data");
  std::filesystem::create_directories(root_ / "data" / "their folder");
  EXPECT_FAILS_WITH(open(), FolderErrc::not_ours);
  // Stands for "/": nothing could be written there if this went wrong.
  EXPECT_FAILS_WITH(DataFolder::open("/proc/", "hailstorm-test", 1, DataFolder::Sharing::exclusive),
                    FolderErrc::not_ours);
}

TEST_F(DataFolderTest, ALinkIsFollowedAndOneThatLeadsNowhereIsRefused) {
  std::filesystem::create_symlink(root_ / "far", root_ / "data");
  const auto nowhere = open();
  EXPECT_FAILS_WITH(nowhere, FolderErrc::not_usable);
  EXPECT_NE(nowhere.error().message().find("a link to something that is not there"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(root_ / "far"));
  std::filesystem::create_directories(root_ / "far");
  EXPECT_OK(open());
  EXPECT_TRUE(std::filesystem::exists(root_ / "far" / "VERSION"));
  std::filesystem::remove(root_ / "data");
  std::filesystem::create_symlink(root_ / "data", root_ / "data");
  EXPECT_FAILS_WITH(open(), FolderErrc::not_usable);
}

TEST_F(DataFolderTest, AFileInItsPlaceIsNotUsable) {
  std::ofstream(root_ / "data") << "x";
  EXPECT_FAILS_WITH(open(), FolderErrc::not_usable);
  EXPECT_FAILS_WITH(DataFolder::open(root_ / "data" / "below", "hailstorm-test", 1,
                                     DataFolder::Sharing::exclusive),
                    FolderErrc::not_usable);
}

TEST_F(DataFolderTest, ReadingAFolderMakesNothing) {
  EXPECT_FAILS_WITH(look(), FolderErrc::not_usable);
  EXPECT_FALSE(std::filesystem::exists(root_ / "data"));
  std::filesystem::create_directories(root_ / "data");
  EXPECT_FAILS_WITH(look(), FolderErrc::not_usable);
  EXPECT_TRUE(std::filesystem::is_empty(root_ / "data"));
}

TEST_F(DataFolderTest, AReaderAndAnOwnerExcludeEachOther) {
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

TEST_F(DataFolderTest, ACopyWithoutALockFileMayBeRead) {
  ASSERT_OK(open());
  std::filesystem::remove(root_ / "data" / "LOCK");
  EXPECT_OK(look());
  EXPECT_FALSE(std::filesystem::exists(root_ / "data" / "LOCK"));
}

}  // namespace
}  // namespace hailstorm
