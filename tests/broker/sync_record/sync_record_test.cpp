#include "broker/sync_record/sync_record.h"

#include <gtest/gtest.h>

#include "broker/storage/file_system.h"
#include "tests/support/matchers.h"

namespace hailstorm::storage {
namespace {

using Ranges = SyncRecord::Ranges;

TEST(SyncRecordTest, WrittenBytesAreListedUntilASyncCoversThem) {
  SyncRecord record;
  ASSERT_OK(record.apply("file 10 /d/a b\nunsynced 10 20 /d/a b\nunsynced 20 25 /d/a b\n"));
  ASSERT_NE(record.find("/d/a b"), nullptr);
  EXPECT_EQ(record.find("/d/a b")->unsynced, (Ranges{{10, 25}}));
  ASSERT_OK(record.apply("synced 20 10-20 /d/a b\n"));
  EXPECT_EQ(record.find("/d/a b")->unsynced, (Ranges{{20, 25}}));
  EXPECT_EQ(record.find("/d/a b")->durable_size, 20U);
  ASSERT_OK(record.apply("synced 25 20-25 /d/a b\n"));
  EXPECT_EQ(record.find("/d/a b"), nullptr);
}

TEST(SyncRecordTest, NamesAreListedUntilTheirFolderIsSynced) {
  SyncRecord record;
  ASSERT_OK(record.apply("folder /d/f\nmade /d/f/x\nwas 6f6c64 /d/y\n"));
  EXPECT_EQ(record.names().size(), 3U);
  EXPECT_TRUE(record.names().at("/d/f").is_folder);
  EXPECT_EQ(record.names().at("/d/y").former, (std::vector<uint8_t>{'o', 'l', 'd'}));
  ASSERT_OK(record.apply("named /d/f\nnamed /d/y\n"));
  EXPECT_EQ(record.names().size(), 1U);
}

TEST(SyncRecordTest, ARenamedFolderTakesWhatIsInItAndARemovedOneTakesItAway) {
  SyncRecord record;
  ASSERT_OK(record.apply(
      "file 0 /d/f/x\nunsynced 0 5 /d/f/x\nmade /d/f/x\nfile 0 /d/fx\nunsynced 0 1 /d/fx\n"
      "renamed /d/f\t/d/g\n"));
  EXPECT_NE(record.find("/d/g/x"), nullptr);
  EXPECT_NE(record.find("/d/fx"), nullptr);
  EXPECT_EQ(record.find("/d/f/x"), nullptr);
  EXPECT_TRUE(record.names().contains("/d/g/x"));
  ASSERT_OK(record.apply("removed /d/g\n"));
  EXPECT_EQ(record.files().size(), 1U);
  EXPECT_TRUE(record.names().empty());
}

TEST(SyncRecordTest, ItsLinesMakeTheSameOfAnEmptyRecord) {
  SyncRecord record;
  ASSERT_OK(record.apply(
      "file 100 /d/a\nundo 3 0a0b /d/a\nunsynced 3 5 /d/a\nunsynced 90 120 /d/a\nfolder /d/f\n"
      "made /d/f/x\nwas - /d/e\n"));
  SyncRecord again;
  ASSERT_OK(again.apply(record.lines()));
  EXPECT_EQ(again.lines(), record.lines());
  EXPECT_EQ(again.find("/d/a")->undos.size(), 1U);
  EXPECT_TRUE(again.names().at("/d/e").former->empty());
}

TEST(SyncRecordTest, AnUnfinishedLineCountsNothingAndAStrangeOneIsNamed) {
  SyncRecord record;
  ASSERT_OK(record.apply("made /d/a\nmade /d/bcd"));
  EXPECT_EQ(record.names().size(), 1U);
  for (const char* line : {"hello /d/a\n", "file x /d/a\n", "unsynced 1 /d/a\n", "\n",
                           "undo 1 abc /d/a\n", "synced 1 2-x /d/a\n"}) {
    EXPECT_FAILS_WITH(SyncRecord().apply(line), StorageErrc::corrupt);
  }
}

TEST(SyncRecordTest, RangesAreJoinedPartedAndCut) {
  EXPECT_EQ(with({{0, 5}, {10, 15}}, {5, 10}), (Ranges{{0, 15}}));
  EXPECT_EQ(with({{10, 15}}, {0, 3}), (Ranges{{0, 3}, {10, 15}}));
  EXPECT_EQ(without({{0, 10}}, {{2, 3}, {5, 20}}), (Ranges{{0, 2}, {3, 5}}));
  EXPECT_EQ(within({{0, 10}, {20, 30}}, 5, 25), (Ranges{{5, 10}, {20, 25}}));
  EXPECT_EQ(to_text({{0, 12}, {40, 50}}), "0-12,40-50");
}

}  // namespace
}  // namespace hailstorm::storage
