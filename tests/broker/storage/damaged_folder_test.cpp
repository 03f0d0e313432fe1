#include "tests/broker/storage/damage_fixture.h"

namespace hailstorm::storage {
namespace {

// A copy of a folder that is written to holds files of different moments: the point may be newer.
TEST_F(DamageTest, ACopyOfALivePartitionOpensAsAPrefix) {
  fill(5);
  const Contents older = bytes_of(0);
  fill(2);
  die();
  ASSERT_OK(files_.remove(path(0)));
  put(path(0), older);
  open();
  const Texts kept = read_all();
  EXPECT_LT(kept.size(), all_.size());
  EXPECT_TRUE(std::equal(kept.begin(), kept.end(), all_.begin()));
}

// Invariant 9.
TEST_F(DamageTest, AMissingSegmentIsRefusedByItsName) {
  fill(40);
  die();
  const Files written = snapshot();
  std::vector<std::string> logs;
  for (const auto& [name, bytes] : written)
    if (name.ends_with(file_names::kLog)) logs.push_back(name);
  ASSERT_GT(logs.size(), 3u);
  for (const bool with_checkpoint : {true, false}) {
    for (size_t i = 1; i < logs.size(); ++i) {
      restore(written);
      ASSERT_OK(files_.remove(logs[i]));
      if (!with_checkpoint) ASSERT_OK(files_.remove(in_folder(file_names::kCheckpoint)));
      const Status opened = try_open();
      ASSERT_FALSE(opened.ok()) << logs[i];
      EXPECT_TRUE(opened.error().is(StorageErrc::corrupt));
      EXPECT_NE(opened.error().message().find(".log"), std::string::npos);
    }
  }
}

// Invariants 3, 9: one of the folder's marks alone tells that there was something.
TEST_F(DamageTest, ALogOfWhichNoSegmentIsLeftDoesNotBeginAnew) {
  fill(20);
  die();
  ASSERT_GT(segment_count(), 1u);
  for (const auto& [name, bytes] : snapshot())
    if (name.ends_with(file_names::kLog)) ASSERT_OK(files_.remove(name));
  const Files written = snapshot();
  for (const auto known :
       {file_names::kPartition, file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    restore(written);
    for (const auto lost :
         {file_names::kPartition, file_names::kCheckpoint, file_names::kRecoveryPoint}) {
      if (lost != known) ASSERT_OK(files_.remove(in_folder(lost)));
    }
    const Status opened = try_open();
    EXPECT_FAILS_WITH(opened, StorageErrc::corrupt);
    EXPECT_NE(opened.error().message().find(kFolder), std::string::npos);
    EXPECT_EQ(segment_count(), 0u);
  }
}

// Invariant 9: left behind by a process that died in the middle of something.
TEST_F(DamageTest, StaleFilesGoAndAnEmptyNewestSegmentStays) {
  fill(10);
  die();
  const int64_t end = static_cast<int64_t>(all_.size());
  put(in_folder("checkpoint.tmp"), {1, 2, 3});
  put(path(777, file_names::kOffsetIndex), {0, 0, 0, 0});
  put(path(777, file_names::kTimeIndex), {0});
  put(path(end), {});
  open();
  EXPECT_FALSE(files_.exists(in_folder("checkpoint.tmp")));
  EXPECT_FALSE(files_.exists(path(777, file_names::kOffsetIndex)));
  EXPECT_FALSE(files_.exists(path(777, file_names::kTimeIndex)));
  EXPECT_EQ(read_all(), all_);
  EXPECT_EQ(append({"next"})->base_offset, end);
}

// Invariant 17: after a torn tail, lost indexes and a lost clean point.
TEST_F(DamageTest, RecoveringTwiceGivesIdenticalBytes) {
  fill(20);
  ASSERT_OK(append({"torn"}));
  die();
  const int64_t last_base = std::stoll(newest_log());
  bytes_of(last_base).pop_back();
  ASSERT_OK(files_.remove(in_folder(file_names::kCheckpoint)));
  open();
  die();
  const Files once = snapshot();
  open();
  EXPECT_EQ(read_all(), all_);
  die();
  EXPECT_EQ(snapshot(), once);
}

/// How a recovery is hurt at its nth call, and what its end leaves on the disk.
struct Hurt {
  using Disk = hailstorm::testing::FaultyFileSystem;
  using Fault = Disk::Fault;
  static void nothing(Disk&, uint64_t) {}

  const char* name;
  void (*begin)(Disk&, uint64_t n);
  void (*end)(Disk&, uint64_t seed) = nothing;
};
void freeze(Hurt::Disk& disk, uint64_t n) { disk.freeze_at(n); }
const Hurt kHurts[] = {
    {"death", freeze},
    {"EIO", [](Hurt::Disk& disk, uint64_t n) { disk.fail_nth(n, Hurt::Fault::io); }},
    {"ENOSPC", [](Hurt::Disk& disk, uint64_t n) { disk.fail_nth(n, Hurt::Fault::no_space); }},
    {"short write",
     [](Hurt::Disk& disk, uint64_t n) { disk.fail_nth(n, Hurt::Fault::short_write); }},
    {"EIO, reads too",
     [](Hurt::Disk& disk, uint64_t n) {
       disk.fail_nth(n, Hurt::Fault::io);
       disk.count_reads();
     }},
    {"power cut", freeze, [](Hurt::Disk& disk, uint64_t) { disk.cut_power(); }},
    {"power cut, bytes kept in part", freeze,
     [](Hurt::Disk& disk, uint64_t seed) { disk.cut_power(seed); }},
    {"power cut, any order", freeze,
     [](Hurt::Disk& disk, uint64_t seed) { disk.cut_power_reordered(seed); }},
};

// Invariants 10, 17: wherever recovery itself dies or fails, the next one comes to the same end.
TEST_F(DamageTest, RecoveryMayDieAtAnyChange) {
  fill(20);
  const Files before_retention = snapshot();
  ASSERT_OK(log_->drop_before(30));
  ASSERT_GT(log_->start_offset(), 0);
  all_.erase(all_.begin(), all_.begin() + log_->start_offset());
  ASSERT_OK(append({"torn"}));
  die();
  bytes_of(std::stoll(newest_log())).pop_back();
  put(in_folder("checkpoint.tmp"), {1});
  put(path(999, file_names::kOffsetIndex), {0});
  put(path(0), before_retention.at(path(0)));
  ASSERT_OK(files_.remove(in_folder(file_names::kCheckpoint)));
  const Files damaged = snapshot();
  open();
  die();
  const Files recovered = snapshot();
  const uint64_t seeds = hailstorm::testing::is_long_run() ? 1'000 : 20;
  for (const Hurt& hurt : kHurts) {
    uint64_t n = 1;
    for (bool was_hurt = true; was_hurt; ++n) {
      for (uint64_t seed = 1; seed <= (hurt.end == Hurt::nothing ? 1 : seeds); ++seed) {
        restore(damaged);
        make_durable();
        hurt.begin(files_, n);
        static_cast<void>(try_open().ok());
        die();
        was_hurt = files_.has_failed();
        files_.heal();
        hurt.end(files_, seed);
        ASSERT_OK(try_open());
        ASSERT_EQ(read_all(), all_);
        die();
        ASSERT_EQ(snapshot(), recovered) << hurt.name << " at " << n << ", seed " << seed;
      }
    }
    EXPECT_GT(n, 5u);
  }
}

}  // namespace
}  // namespace hailstorm::storage
