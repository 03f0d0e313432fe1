#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/storage/whole_file.h"
#include "tests/broker/storage/system_calls.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::storage {
namespace {

using hailstorm::testing::SystemCalls;

/// Invariant 10, for the calls of the operating system itself.
class PosixFileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    calls_.reset();
    file_ = std::move(files_->open(path_, FileSystem::Mode::create)).value();
  }
  void TearDown() override { calls_.reset(); }
  std::string contents() {
    calls_.reset();
    const auto bytes = read_file(*files_, path_);
    EXPECT_OK(bytes);
    return std::string(as_text(*bytes));
  }

  hailstorm::testing::SystemCalls& calls_ = hailstorm::testing::system_calls();
  hailstorm::testing::TempFolder folder_;
  std::unique_ptr<FileSystem> files_ = make_posix_file_system();
  const std::string path_ = folder_.path().string() + "/file";
  std::unique_ptr<File> file_;
};

TEST_F(PosixFileSystemTest, AnInterruptedOrShortWriteGoesOn) {
  calls_.next = {{EINTR}, {0, 1}, {EINTR}, {EINTR}, {0, 2}, {0, 3}, {EINTR}};
  ASSERT_OK(file_->write_at(0, as_bytes("hailstorm")));
  EXPECT_EQ(contents(), "hailstorm");
}

TEST_F(PosixFileSystemTest, AnInterruptedOrShortReadGoesOn) {
  ASSERT_OK(file_->write_at(0, as_bytes("hailstorm")));
  std::vector<uint8_t> into(20);
  calls_.next = {{EINTR}, {0, 4}, {EINTR}, {0, 1}};
  EXPECT_EQ(*file_->read_at(0, into), 9u);
  EXPECT_EQ(as_text(Bytes(into).first(9)), "hailstorm");
}

TEST_F(PosixFileSystemTest, AFileThatMayNotGrowFurtherIsADiskThatIsFull) {
  for (const int error : {EFBIG, ENOSPC, EDQUOT}) {
    calls_.next = {{0, 3}, {error}};
    EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
  }
}

TEST_F(PosixFileSystemTest, KnowsWhenAFileWasChanged) {
  const timespec times[2] = {{1, 0}, {1'234'567'890, 123'000'000}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path_.c_str(), times, 0), 0);
  EXPECT_EQ(files_->modified_ms(path_).value(), 1'234'567'890'123);
  EXPECT_FAILS_WITH(files_->modified_ms(path_ + "x"), StorageErrc::not_found);
}

TEST_F(PosixFileSystemTest, AWriteThatWritesNothingIsADiskThatIsFull) {
  calls_.next = {{0, 3}, {0, 0}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
}

TEST_F(PosixFileSystemTest, NamesWhatWentWrong) {
  calls_.next = {{ENOSPC}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
  calls_.next = {{EDQUOT}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
  calls_.next = {{0, 4}, {EIO}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::io);
  calls_.next = {{EINTR}, {EIO}};
  EXPECT_FAILS_WITH(file_->truncate(1), StorageErrc::io);
  EXPECT_FAILS_WITH(files_->open(path_ + "/none", FileSystem::Mode::read), StorageErrc::io);
  EXPECT_FAILS_WITH(files_->open(path_ + "-none", FileSystem::Mode::read), StorageErrc::not_found);
}

// A failed fdatasync may have dropped the pages: a second one that succeeds would be a lie.
TEST_F(PosixFileSystemTest, AFailedSyncIsNeverTriedAgain) {
  for (const int error : {EIO, EINTR, ENOSPC}) {
    calls_.reset();
    calls_.next = {{error}};
    EXPECT_FALSE(file_->sync().ok());
    EXPECT_EQ(calls_.sync_count, 1u);
  }
}

TEST_F(PosixFileSystemTest, AFailedSyncOfAFolderIsNeverTriedAgain) {
  const std::string folder = folder_.path().string();
  for (const int error : {EIO, EINTR, ENOSPC}) {
    calls_.reset();
    calls_.next = {{}, {error}};
    EXPECT_FALSE(files_->sync_folder(folder).ok());
    EXPECT_EQ(calls_.sync_count, 1u);
  }
  calls_.next = {{EINTR}, {EINTR}};  // of opening it: nothing was synced yet
  EXPECT_OK(files_->sync_folder(folder));
}

TEST_F(PosixFileSystemTest, AnInterruptedOpenGoesOn) {
  calls_.next = {{EINTR}, {EINTR}};
  EXPECT_OK(files_->open(path_, FileSystem::Mode::read));
  EXPECT_TRUE(calls_.next.empty());
}

TEST_F(PosixFileSystemTest, ACopyIsAnotherFileAndARenamedOneIsNot) {
  const uint64_t identity = *file_->identity();
  const std::string copy = path_ + "-copy";
  const std::string moved = path_ + "-moved";
  std::filesystem::copy_file(path_, copy);
  ASSERT_OK(files_->rename(path_, moved));
  EXPECT_NE(*(*files_->open(copy, FileSystem::Mode::read))->identity(), identity);
  EXPECT_EQ(*(*files_->open(moved, FileSystem::Mode::read))->identity(), identity);
}

}  // namespace
}  // namespace hailstorm::storage
