#include "broker/storage/partition_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "broker/storage/file_names.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/matchers.h"

namespace hailstorm::storage {
namespace {

using Contents = std::vector<uint8_t>;
using Fault = hailstorm::testing::FaultyFileSystem::Fault;

class PartitionFileTest : public ::testing::Test {
 protected:
  static constexpr const char* kFolder = "/rides-3";
  static constexpr const char* kPath = "/rides-3/partition";
  static constexpr Uuid kTopic{{1, 2, 3}};

  PartitionFileTest() {
    EXPECT_OK(files_.create_folder(kFolder));
    EXPECT_OK(files_.sync_folder(""));
  }
  PartitionFile make(int64_t start) {
    return PartitionFile::make(files_, kFolder, {"rides-3", kTopic}, start).value();
  }
  Result<std::optional<PartitionFile>> read() { return PartitionFile::read(files_, kFolder); }
  int64_t start_read() {
    const auto file = read();
    EXPECT_OK(file);
    return file.ok() && *file ? (*file)->start() : -1;
  }
  Contents& bytes() { return *files_.contents(kPath); }

  hailstorm::testing::FaultyFileSystem files_;
};

TEST_F(PartitionFileTest, IsReadAsItWasMade) {
  EXPECT_FALSE(read().value().has_value());
  make(4'711);
  const auto file = read().value();
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->owner().name, "rides-3");
  EXPECT_EQ(file->owner().topic_id, kTopic);
  EXPECT_EQ(file->start(), 4'711);
  EXPECT_TRUE(file->is_whole());
}

TEST_F(PartitionFileTest, TheStartIsDurableOnceItWasMoved) {
  PartitionFile file = make(0);
  for (const int64_t start : {7, 7, 100, 1'000'000, 1'000'001}) {
    ASSERT_OK(file.move_start(start));
    EXPECT_EQ(file.start(), start);
    files_.cut_power();
    EXPECT_EQ(start_read(), start);
    file = read().value().value();
  }
  ASSERT_OK(file.move_start(INT64_MAX));
  EXPECT_EQ(start_read(), INT64_MAX);
}

// Invariant 13: wherever the write ends, the old start is there or the new one.
TEST_F(PartitionFileTest, AMoveThatIsCutShortLeavesTheOldStartOrTheNewOne) {
  PartitionFile file = make(10);
  ASSERT_OK(file.move_start(20));
  const Contents old = bytes();
  ASSERT_OK(file.move_start(99));
  const Contents moved = bytes();
  for (size_t length = 0; length <= moved.size(); ++length) {
    bytes() = old;
    std::copy_n(moved.begin(), length, bytes().begin());
    const int64_t start = start_read();
    EXPECT_TRUE(start == 20 || start == 99) << length << " bytes were written: " << start;
  }
}

// Invariant 12: what retention frees must not need room itself.
TEST_F(PartitionFileTest, TheStartIsMovedOnAFullDiskToo) {
  PartitionFile file = make(0);
  files_.set_capacity(files_.used_bytes());
  ASSERT_OK(file.move_start(100));
  EXPECT_EQ(start_read(), 100);
}

TEST_F(PartitionFileTest, AFailedMoveMayBeRepeated) {
  for (const Fault fault : {Fault::io, Fault::short_write}) {
    for (uint64_t nth = 1; nth <= 2; ++nth) {  // the write, the sync
      PartitionFile file = make(10);
      ASSERT_OK(file.move_start(20));
      files_.fail_nth(nth, fault);
      EXPECT_FALSE(file.move_start(30).ok());
      files_.heal();
      EXPECT_EQ(file.start(), 20);
      ASSERT_OK(file.move_start(40));
      files_.cut_power();
      EXPECT_EQ(start_read(), 40) << nth;
    }
  }
}

// Invariant 7.
TEST_F(PartitionFileTest, AFlippedBitGivesNoOtherOwnerAndNoOtherStart) {
  ASSERT_OK(make(10).move_start(20));
  const Contents healthy = bytes();
  size_t refused = 0;
  for (size_t bit = 0; bit < 8 * healthy.size(); ++bit) {
    bytes() = healthy;
    bytes()[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    const auto file = read();
    if (!file.ok()) {
      EXPECT_FAILS_WITH(file, StorageErrc::corrupt);
      EXPECT_NE(file.error().message().find(kPath), std::string::npos);
      ++refused;
      continue;
    }
    ASSERT_TRUE(file->has_value());
    EXPECT_FALSE((*file)->is_whole());
    EXPECT_EQ((*file)->owner().topic_id, kTopic);
    EXPECT_TRUE((*file)->start() == 10 || (*file)->start() == 20) << "bit " << bit;
  }
  EXPECT_GT(refused, 8U * 60) << "bits of the owner's line";
}

TEST_F(PartitionFileTest, AnotherLengthIsDamage) {
  make(10);
  const Contents healthy = bytes();
  for (size_t length = 0; length <= healthy.size() + 1; ++length) {
    if (length == healthy.size()) continue;
    bytes() = healthy;
    bytes().resize(length);
    EXPECT_FAILS_WITH(read(), StorageErrc::corrupt);
  }
  bytes() = Contents(healthy.size(), 0);
  EXPECT_FAILS_WITH(read(), StorageErrc::corrupt);
}

}  // namespace
}  // namespace hailstorm::storage
