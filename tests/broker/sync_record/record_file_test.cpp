#include "broker/sync_record/record_file.h"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/matchers.h"
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
  ASSERT_OK(file->append("one\n"));
  ASSERT_OK(file->append("two\n"));
  EXPECT_EQ(*open()->read(), "one\ntwo\n");
}

TEST_F(RecordFileTest, ReplacedLinesTakeTheOtherHalfAndAreAddedTo) {
  const auto file = open();
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(file->append("of an older half\n"));
    ASSERT_OK(file->replace("all\n"));
    ASSERT_OK(file->append(std::to_string(i) + "\n"));
    EXPECT_EQ(*open()->read(), "all\n" + std::to_string(i) + "\n");
  }
}

TEST_F(RecordFileTest, ItsSizeNeverChangesAndItSaysWhenAHalfIsFull) {
  const auto file = open();
  const std::string line = std::string(1 << 16, 'x') + "\n";
  int lines = 0;
  for (; file->has_room_for(line); ++lines) ASSERT_OK(file->append(line));
  EXPECT_EQ(lines, 31);
  EXPECT_EQ(std::filesystem::file_size(path), 2 * RecordFile::kHalfBytes);
}

}  // namespace
}  // namespace hailstorm::storage
