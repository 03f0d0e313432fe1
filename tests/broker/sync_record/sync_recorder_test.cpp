#include "broker/sync_record/sync_recorder.h"

#include <atomic>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "broker/storage/whole_file.h"
#include "broker/sync_record/power_cut.h"
#include "tests/broker/partition/store_model.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::storage {
namespace {

using testing::FaultyFileSystem;
using Mode = FileSystem::Mode;

constexpr uint64_t kSeeds = 64;

/// A file system in memory with a record of its syncs, and what power cuts make of it.
struct SyncRecorderTest : ::testing::Test {
  SyncRecorderTest() { EXPECT_OK(files.create_folder("/disk/d")); }

  [[nodiscard]] SyncRecord record() const {
    SyncRecord read;
    const auto lines = (*RecordFile::open(record_path))->read();
    EXPECT_OK(lines);
    EXPECT_OK(read.apply(*lines));
    return read;
  }
  void write(const std::string& path, uint64_t position, std::string_view text, bool sync) {
    const auto file = *recorder->open(path, Mode::create);
    ASSERT_OK(file->write_at(position, as_bytes(text)));
    if (sync) ASSERT_OK(file->sync());
  }
  /// What the file holds after cuts by many seeds; "(none)" where it is gone.
  [[nodiscard]] std::set<std::string> left_of(const std::string& path) {
    std::set<std::string> all;
    const auto before = files.all_files();
    for (uint64_t seed = 0; seed < kSeeds; ++seed) {
      EXPECT_OK(cut_power(files, record(), "/disk", seed));
      const auto* bytes = files.contents(path);
      all.insert(bytes == nullptr ? "(none)" : std::string(bytes->begin(), bytes->end()));
      for (const auto& [name, contents] : before) {
        (void)files.open(name, Mode::create);
        *files.contents(name) = contents;
      }
    }
    return all;
  }

  const testing::TempFolder folder;
  const std::string record_path = folder.path() / "record";
  FaultyFileSystem files;
  std::unique_ptr<SyncRecorder> recorder = *SyncRecorder::open(files, record_path);
};

using Left = std::set<std::string>;

TEST_F(SyncRecorderTest, SyncedBytesStayAndUnsyncedOnesAreKeptZeroedOrCutOff) {
  write("/disk/d/a", 0, "sure", true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  write("/disk/d/a", 4, "lost", false);
  EXPECT_EQ(left_of("/disk/d/a"), (Left{"sure", "surelost", std::string("sure\0\0\0\0", 8)}));
}

TEST_F(SyncRecorderTest, WhatWasSyncedIsRecordedNoMore) {
  write("/disk/d/a", 0, "sure", true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  EXPECT_EQ(record().lines(), "");
  EXPECT_EQ(left_of("/disk/d/a"), Left{"sure"});
}

TEST_F(SyncRecorderTest, ANameThatWasNeverSyncedMayBeGone) {
  write("/disk/d/a", 0, "sure", true);
  EXPECT_EQ(left_of("/disk/d/a"), (Left{"(none)", "sure"}));
}

TEST_F(SyncRecorderTest, AFolderThatWasNeverSyncedMayBeGoneWithAllInIt) {
  ASSERT_OK(recorder->create_folder("/disk/d/e/f"));
  write("/disk/d/e/f/a", 0, "sure", true);
  ASSERT_OK(recorder->sync_folder("/disk/d/e"));
  ASSERT_OK(recorder->sync_folder("/disk/d/e/f"));
  EXPECT_EQ(record().names().size(), 1U);
  bool is_gone = false;
  for (uint64_t seed = 0; seed < kSeeds && !is_gone; ++seed) {
    ASSERT_OK(cut_power(files, record(), "/disk", seed));
    is_gone = !files.exists("/disk/d/e");
  }
  EXPECT_TRUE(is_gone);
}

TEST_F(SyncRecorderTest, OverwrittenBytesMayBeAsTheyWere) {
  write("/disk/d/a", 0, "first and more", true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  write("/disk/d/a", 0, "other", false);
  write("/disk/d/a", 0, "third", false);
  EXPECT_EQ(left_of("/disk/d/a"), (Left{"first and more", "third and more"}));
}

TEST_F(SyncRecorderTest, ACutOffEndMayBeBack) {
  write("/disk/d/a", 0, "first and more", true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  const auto file = *recorder->open("/disk/d/a", Mode::read_write);
  ASSERT_OK(file->truncate(5));
  const auto left = left_of("/disk/d/a");
  EXPECT_TRUE(left.contains("first")) << left.size();
  EXPECT_TRUE(left.contains("first and more")) << left.size();
  ASSERT_OK(file->sync());
  EXPECT_EQ(left_of("/disk/d/a"), Left{"first"});
}

TEST_F(SyncRecorderTest, ARenamedFileMayHaveItsFormerContents) {
  write("/disk/d/a", 0, "old", true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  write("/disk/d/a.tmp", 0, "new", true);
  ASSERT_OK(recorder->rename("/disk/d/a.tmp", "/disk/d/a"));
  EXPECT_EQ(left_of("/disk/d/a"), (Left{"new", "old"}));
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  EXPECT_EQ(left_of("/disk/d/a"), Left{"new"});
}

TEST_F(SyncRecorderTest, WhatNeedsMuchToBeUndoneIsMadeDurableAtOnce) {
  const std::string large(SyncRecorder::kMostUndoBytes + 1, 'x');
  write("/disk/d/a", 0, large, true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  ASSERT_OK((*recorder->open("/disk/d/a", Mode::read_write))->truncate(0));
  EXPECT_EQ(left_of("/disk/d/a"), Left{""});
  write("/disk/d/a", 0, large, true);
  write("/disk/d/b", 0, "small", true);
  ASSERT_OK(recorder->rename("/disk/d/b", "/disk/d/a"));
  EXPECT_EQ(left_of("/disk/d/a"), Left{"small"});
}

TEST_F(SyncRecorderTest, ItGoesOnWithTheRecordOfAProcessThatWasKilled) {
  write("/disk/d/a", 0, "sure", true);
  ASSERT_OK(recorder->sync_folder("/disk/d"));
  write("/disk/d/a", 4, "lost", false);
  recorder = *SyncRecorder::open(files, record_path);
  EXPECT_TRUE(left_of("/disk/d/a").contains("sure"));
  ASSERT_OK((*recorder->open("/disk/d/a", Mode::read_write))->sync());
  EXPECT_EQ(left_of("/disk/d/a"), Left{"surelost"});
}

TEST_F(SyncRecorderTest, ItsRecordStaysBoundedHoweverMuchIsWritten) {
  const auto file = *recorder->open("/disk/d/a", Mode::create);
  for (uint64_t i = 0; i < 100'000; ++i) {
    ASSERT_OK(file->write_at(i, as_bytes("x")));
    if (i % 10 == 0) ASSERT_OK(file->sync());
  }
  EXPECT_EQ(std::filesystem::file_size(record_path), 2 * RecordFile::kHalfBytes);
  EXPECT_EQ(record().find("/disk/d/a")->unsynced, (SyncRecord::Ranges{{99'991, 100'000}}));
}

TEST_F(SyncRecorderTest, ASyncBesideWritesCoversOnlyWhatWasWrittenBefore) {
  const auto real = make_posix_file_system();
  const auto beside = *SyncRecorder::open(*real, folder.path() / "other");
  const std::string path = folder.path() / "file";
  const auto file = *beside->open(path, Mode::create);
  std::atomic<uint64_t> synced = 0;
  std::atomic<uint64_t> written = 0;
  std::atomic<bool> is_over = false;
  std::jthread syncs([&] {
    while (!is_over) {
      const uint64_t before = written;
      ASSERT_OK(file->sync());
      synced = before;
    }
  });
  for (uint64_t i = 0; i < 2'000; ++i) {
    ASSERT_OK(file->write_at(i, as_bytes("x")));
    written = i + 1;
  }
  is_over = true;
  syncs.join();
  SyncRecord read;
  ASSERT_OK(read.apply(*(*RecordFile::open(folder.path() / "other"))->read()));
  const auto* state = read.find(path);
  const auto unsynced = state == nullptr ? SyncRecord::Ranges() : state->unsynced;
  EXPECT_TRUE(within(unsynced, 0, synced).empty()) << to_text(unsynced) << ", " << synced;
}

// Invariant 1, by the record alone: whatever is promised outlives a power cut at any change.
TEST(SyncRecorderModelTest, WhatTheLogPromisedOutlivesACutMadeOfTheRecord) {
  int64_t acknowledged = 0;
  for (uint64_t change = 1; change < 220; change += 3) {
    const testing::TempFolder folder;
    FaultyFileSystem files;
    EXPECT_OK(files.create_folder("/disk"));
    const auto recorder = *SyncRecorder::open(files, folder.path() / "record");
    broker::StoreModel model(*recorder);
    files.freeze_at(change);
    model.live(0);
    files.heal();
    model.lose_power();
    SyncRecord record;
    ASSERT_OK(record.apply(*(*RecordFile::open(folder.path() / "record"))->read()));
    ASSERT_OK(cut_power(files, record, "/disk", change));
    const auto wrong = model.check();
    ASSERT_TRUE(wrong.empty()) << "death at change " << change << ": " << wrong.front();
    acknowledged += model.acknowledged();
  }
  EXPECT_GT(acknowledged, 100);
}

}  // namespace
}  // namespace hailstorm::storage
