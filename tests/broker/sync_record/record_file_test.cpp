#include "broker/sync_record/record_file.h"

#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "broker/storage/file_system.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::storage {
namespace {

struct RecordFileTest : ::testing::Test {
  const testing::TempFolder folder;
  const std::string path = folder.path() / "record";

  [[nodiscard]] std::unique_ptr<RecordFile> open() const {
    auto file = RecordFile::open(path);
    EXPECT_OK(file);
    return std::move(file).value();
  }
};

TEST_F(RecordFileTest, LinesAreThereAfterItWasOpenedAgain) {
  const auto file = open();
  EXPECT_EQ(*file->read(), "");
  file->append("one\n");
  file->append("two\n");
  EXPECT_EQ(*open()->read(), "one\ntwo\n");
}

TEST_F(RecordFileTest, ReplacedLinesTakeTheOtherHalfAndAreAddedTo) {
  const auto file = open();
  for (int i = 0; i < 5; ++i) {
    file->append("of an older half\n");
    file->replace("all\n");
    file->append(std::to_string(i) + "\n");
    EXPECT_EQ(*open()->read(), "all\n" + std::to_string(i) + "\n");
  }
}

TEST_F(RecordFileTest, ItsSizeNeverChangesAndItSaysWhenAHalfIsFull) {
  const auto file = open();
  const std::string line = std::string(1 << 16, 'x') + "\n";
  int lines = 0;
  for (; file->has_room_for(line); ++lines) file->append(line);
  EXPECT_EQ(lines, 31);
  EXPECT_EQ(std::filesystem::file_size(path), 2 * RecordFile::kHalfBytes);
}

TEST_F(RecordFileTest, WhatAWriterLeftUnfinishedIsGoneWhenAnotherGoesOn) {
  open()->append("one\n");
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const std::string head = "record of syncs, generation 00000000000000000001\none\n";
    // All but the first byte of a line, as a SIGKILL may leave it.
    file.seekp(static_cast<std::streamoff>(RecordFile::kHalfBytes + head.size() + 1));
    file << "nfinished, and long\n";
  }
  open()->append("two\n");
  EXPECT_EQ(*open()->read(), "one\ntwo\n");
}

TEST_F(RecordFileTest, AFileOfSomebodyElseIsLeftAsItIs) {
  const std::string text = "a file of somebody else, which is longer than the head of a record";
  std::ofstream(path) << text;
  EXPECT_FAILS_WITH(RecordFile::open(path), StorageErrc::corrupt);
  EXPECT_EQ(testing::read_text(path), text);
}

}  // namespace
}  // namespace hailstorm::storage
