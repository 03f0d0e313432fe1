#include <cerrno>
#include <deque>
#include <gtest/gtest.h>
#include <sys/types.h>

#include "broker/storage/whole_file.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

// The linker sends the program's calls here (--wrap), so that the kernel may be made to misbehave.
namespace {
struct Act {
  int error = 0;                // fails so, or
  size_t at_most = ~size_t{0};  // does only a part
};
std::deque<Act> acts;  // of the next calls; then all goes well
int sync_calls = 0;

Act next_act() {
  if (acts.empty()) return {};
  const Act act = acts.front();
  acts.pop_front();
  return act;
}

template <class Call>
ssize_t misbehave(size_t count, Call real) {
  const Act act = next_act();
  if (act.error == 0) return real(std::min(count, act.at_most));
  errno = act.error;
  return -1;
}
}  // namespace

extern "C" {
ssize_t __real_pread(int, void*, size_t, off_t);
ssize_t __real_pwrite(int, const void*, size_t, off_t);
int __real_fdatasync(int);
int __real_ftruncate(int, off_t);
ssize_t __wrap_pread(int fd, void* into, size_t count, off_t at) {
  return misbehave(count, [&](size_t n) { return __real_pread(fd, into, n, at); });
}
ssize_t __wrap_pwrite(int fd, const void* from, size_t count, off_t at) {
  return misbehave(count, [&](size_t n) { return __real_pwrite(fd, from, n, at); });
}
int __wrap_fdatasync(int fd) {
  ++sync_calls;
  return static_cast<int>(misbehave(0, [&](size_t) { return ssize_t{__real_fdatasync(fd)}; }));
}
int __wrap_ftruncate(int fd, off_t size) {
  return static_cast<int>(
      misbehave(0, [&](size_t) { return ssize_t{__real_ftruncate(fd, size)}; }));
}
}

namespace hailstorm::storage {
namespace {

/// Invariant 10, for the calls of the operating system itself.
class PosixFileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    acts.clear();
    sync_calls = 0;
    file_ = std::move(files_->open(path_, FileSystem::Mode::create)).value();
  }
  void TearDown() override { acts.clear(); }
  std::string contents() {
    acts.clear();
    const auto bytes = read_file(*files_, path_);
    EXPECT_OK(bytes);
    return std::string(as_text(*bytes));
  }

  hailstorm::testing::TempFolder folder_;
  std::unique_ptr<FileSystem> files_ = make_posix_file_system();
  const std::string path_ = folder_.path().string() + "/file";
  std::unique_ptr<File> file_;
};

TEST_F(PosixFileSystemTest, AnInterruptedOrShortWriteGoesOn) {
  acts = {{EINTR}, {0, 1}, {EINTR}, {EINTR}, {0, 2}, {0, 3}, {EINTR}};
  ASSERT_OK(file_->write_at(0, as_bytes("hailstorm")));
  EXPECT_EQ(contents(), "hailstorm");
}

TEST_F(PosixFileSystemTest, AnInterruptedOrShortReadGoesOn) {
  ASSERT_OK(file_->write_at(0, as_bytes("hailstorm")));
  std::vector<uint8_t> into(20);
  acts = {{EINTR}, {0, 4}, {EINTR}, {0, 1}};
  EXPECT_EQ(*file_->read_at(0, into), 9u);
  EXPECT_EQ(as_text(Bytes(into).first(9)), "hailstorm");
}

TEST_F(PosixFileSystemTest, AWriteThatWritesNothingIsADiskThatIsFull) {
  acts = {{0, 3}, {0, 0}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
}

TEST_F(PosixFileSystemTest, NamesWhatWentWrong) {
  acts = {{ENOSPC}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
  acts = {{EDQUOT}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::no_space);
  acts = {{0, 4}, {EIO}};
  EXPECT_FAILS_WITH(file_->write_at(0, as_bytes("hailstorm")), StorageErrc::io);
  acts = {{EINTR}, {EIO}};
  EXPECT_FAILS_WITH(file_->truncate(1), StorageErrc::io);
  EXPECT_FAILS_WITH(files_->open(path_ + "/none", FileSystem::Mode::read), StorageErrc::io);
  EXPECT_FAILS_WITH(files_->open(path_ + "-none", FileSystem::Mode::read), StorageErrc::not_found);
}

// A failed fdatasync may have dropped the pages: a second one that succeeds would be a lie.
TEST_F(PosixFileSystemTest, AFailedSyncIsNeverTriedAgain) {
  for (const int error : {EIO, EINTR, ENOSPC}) {
    sync_calls = 0;
    acts = {{error}};
    EXPECT_FALSE(file_->sync().ok());
    EXPECT_EQ(sync_calls, 1);
  }
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
