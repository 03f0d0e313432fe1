#include "broker/verify/dry_run_file_system.h"

#include <gtest/gtest.h>
#include <random>

#include "broker/storage/whole_file.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/matchers.h"

namespace hailstorm::verify {
namespace {

using storage::File;
using storage::FileSystem;
using storage::StorageErrc;
using Mode = FileSystem::Mode;

class DryRunFileSystemTest : public ::testing::Test {
 protected:
  DryRunFileSystemTest() {
    EXPECT_OK(below_.create_folder("/d"));
    write(below_, "/d/a", "0123456789");
    write(below_, "/d/b", "b");
    before_ = below_.all_files();
  }
  ~DryRunFileSystemTest() override {
    EXPECT_EQ(below_.all_files(), before_) << "it changed the disk";
  }

  static void write(FileSystem& files, const std::string& path, std::string_view text,
                    uint64_t position = 0) {
    const auto file = files.open(path, Mode::create);
    ASSERT_OK(file);
    ASSERT_OK((*file)->write_at(position, as_bytes(text)));
  }
  std::string read(const std::string& path) {
    const auto bytes = storage::read_file(files_, path);
    return bytes.ok() ? std::string(as_text(*bytes)) : std::string(bytes.error().name());
  }
  void cut(const std::string& path, uint64_t size) {
    const auto file = files_.open(path, Mode::read_write);
    ASSERT_OK(file);
    ASSERT_OK((*file)->truncate(size));
  }

  hailstorm::testing::FaultyFileSystem below_;
  std::map<std::string, std::vector<uint8_t>> before_;
  DryRunFileSystem files_{below_};
};

TEST_F(DryRunFileSystemTest, ShowsWhatLiesBelow) {
  EXPECT_EQ(read("/d/a"), "0123456789");
  EXPECT_EQ(read("/d/none"), "not_found");
  EXPECT_EQ(*files_.list("/d"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(files_.changes().empty());
}

TEST_F(DryRunFileSystemTest, WritesAndCutsAreSeenHereAlone) {
  write(files_, "/d/a", "xy", 4);
  EXPECT_EQ(read("/d/a"), "0123xy6789");
  cut("/d/a", 5);
  EXPECT_EQ(read("/d/a"), "0123x");
  cut("/d/a", 7);
  EXPECT_EQ(read("/d/a"), std::string("0123x\0\0", 7));
  write(files_, "/d/a", "end", 8);
  EXPECT_EQ(read("/d/a"), std::string("0123x\0\0\0end", 11));
  const auto changes = files_.changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].path, "/d/a");
  EXPECT_EQ(changes[0].size_before, 10U);
  EXPECT_EQ(changes[0].size_after, 11U);
}

TEST_F(DryRunFileSystemTest, FilesAreMadeRemovedAndRenamed) {
  write(files_, "/d/c", "new");
  ASSERT_OK(files_.rename("/d/c", "/d/b"));
  EXPECT_EQ(read("/d/b"), "new");
  ASSERT_OK(files_.remove("/d/a"));
  EXPECT_FALSE(files_.exists("/d/a"));
  EXPECT_EQ(*files_.list("/d"), (std::vector<std::string>{"b"}));
  const auto changes = files_.changes();
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].size_after, std::nullopt);
  EXPECT_EQ(changes[1].size_before, 1U);
  EXPECT_EQ(changes[1].size_after, 3U);
  write(files_, "/d/a", "again");
  EXPECT_EQ(read("/d/a"), "again");
}

TEST_F(DryRunFileSystemTest, FoldersAreMadeAndRemoved) {
  ASSERT_OK(files_.create_folder("/d/e"));
  write(files_, "/d/e/f", "f");
  EXPECT_EQ(*files_.list("/d/e"), (std::vector<std::string>{"f"}));
  EXPECT_EQ(files_.list("/d")->size(), 3U);
  ASSERT_OK(files_.remove_folder("/d/e"));
  EXPECT_FALSE(files_.exists("/d/e/f"));
  ASSERT_OK(files_.remove_folder("/d"));
  EXPECT_FALSE(files_.exists("/d/a"));
}

// Any mixture of changes reads as it would on a real file system.
TEST_F(DryRunFileSystemTest, BehavesAsAFileSystemUnderRandomChanges) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    hailstorm::testing::FaultyFileSystem real;
    ASSERT_OK(real.create_folder("/d"));
    write(real, "/d/a", "0123456789");
    DryRunFileSystem dry_run(below_);
    for (int step = 0; step < 30; ++step) {
      const uint64_t position = random() % 16;
      const std::string text(1 + random() % 5, static_cast<char>('a' + step % 26));
      const bool is_cut = random() % 3 == 0;
      for (FileSystem* files :
           {static_cast<FileSystem*>(&real), static_cast<FileSystem*>(&dry_run)}) {
        const auto file = files->open("/d/a", Mode::read_write);
        ASSERT_OK(file);
        if (is_cut) ASSERT_OK((*file)->truncate(position));
        if (!is_cut) ASSERT_OK((*file)->write_at(position, as_bytes(text)));
      }
      ASSERT_EQ(storage::read_file(dry_run, "/d/a").value(),
                storage::read_file(real, "/d/a").value())
          << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace hailstorm::verify
