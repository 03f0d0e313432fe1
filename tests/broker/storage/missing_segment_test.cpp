#include "broker/storage/checkpoint.h"
#include "broker/storage/recovery_point.h"
#include "tests/broker/storage/damage_fixture.h"

namespace hailstorm::storage {
namespace {

constexpr std::string_view kMarks[] = {file_names::kPartition, file_names::kCheckpoint,
                                       file_names::kRecoveryPoint};

/// Segments that are lost, with or without their indexes, from a log that retention has shortened
/// or not, whose broker was killed or stopped.
class MissingSegmentTest : public DamageTest {
 protected:
  /// Segments that are there, by their base offsets.
  std::vector<int64_t> bases() const {
    std::vector<int64_t> found;
    for (const auto& [name, bytes] : snapshot()) {
      if (name.ends_with(file_names::kLog))
        found.push_back(std::stoll(file_names::last_part(name)));
    }
    return found;
  }
  void remove(int64_t base, bool with_indexes) {
    ASSERT_OK(files_.remove(path(base)));
    if (!with_indexes) return;
    for (const auto suffix : {file_names::kOffsetIndex, file_names::kTimeIndex})
      ASSERT_OK(files_.remove(path(base, suffix)));
  }
  void remove_mark(std::string_view name) {
    if (files_.exists(in_folder(name))) ASSERT_OK(files_.remove(in_folder(name)));
  }
  /// Refused with these words, and nothing was changed.
  void expect_refused(const std::string& words, const std::string& what) {
    const Files before = snapshot();
    const Status opened = try_open();
    ASSERT_FALSE(opened.ok()) << what;
    EXPECT_TRUE(opened.error().is(StorageErrc::corrupt)) << what;
    EXPECT_NE(opened.error().message().find(words), std::string::npos)
        << what << ": " << opened.error().message();
    EXPECT_NE(opened.error().message().find(kFolder), std::string::npos) << what;
    EXPECT_EQ(snapshot(), before) << what;
  }
  /// What programs wrote that knew no file `partition`.
  void make_marks_old() {
    remove_mark(file_names::kPartition);
    if (auto checkpoint = read_checkpoint(files_, kFolder)) {
      checkpoint->format = 3;
      const std::string text = encode(*checkpoint);
      put(in_folder(file_names::kCheckpoint), Contents(text.begin(), text.end()));
    }
    if (auto point = read_recovery_point(files_, kFolder)) {
      remove_mark(file_names::kRecoveryPoint);
      point->end_offset = -1;
      ASSERT_OK(write_recovery_point(files_, kFolder, *point));
    }
  }
};

// Invariants 3, 9, 13: every run of segments, from the first to the last.
TEST_F(MissingSegmentTest, AnyThatAreMissingAreNamedByTheirOffsets) {
  fill(60);
  for (const bool is_shortened : {false, true}) {
    if (is_shortened) ASSERT_OK(log_->drop_before(30));
    for (const bool is_closed : {false, true}) {
      if (is_closed) ASSERT_OK(log_->close());
      die();
      const Files written = snapshot();
      std::vector<int64_t> ends = bases();
      ASSERT_GT(ends.size(), 3U);
      ends.push_back(std::ssize(all_));
      for (size_t first = 0; first + 1 < ends.size(); ++first) {
        for (size_t after = first + 1; after < ends.size(); ++after) {
          restore(written);
          for (size_t i = first; i < after; ++i) remove(ends[i], (first + after) % 2 == 0);
          expect_refused(fmt::format("offsets {} to {}{} are missing", ends[first], ends[after] - 1,
                                     after + 1 == ends.size() ? " or more" : ""),
                         fmt::format("shortened {}, closed {}", is_shortened, is_closed));
          if (HasFailure()) return;
        }
      }
      restore(written);
      open();
    }
  }
}

// Invariants 3, 9: one mark is enough for what it knows of.
TEST_F(MissingSegmentTest, TheFirstOnesAreMissedWithoutCheckpointAndRecoveryPoint) {
  fill(40);
  die();
  remove_mark(file_names::kCheckpoint);
  remove_mark(file_names::kRecoveryPoint);
  const Files written = snapshot();
  const std::vector<int64_t> there = bases();
  for (size_t count = 1; count < there.size(); ++count) {
    restore(written);
    for (size_t i = 0; i < count; ++i) remove(there[i], false);
    expect_refused(fmt::format("offsets 0 to {} are missing", there[count] - 1),
                   fmt::format("{} segments", count));
  }
}

TEST_F(MissingSegmentTest, TheLastOneIsMissedWhereOneMarkKnowsOfIt) {
  fill(40);
  ASSERT_OK(log_->close());
  die();
  const Files written = snapshot();
  const int64_t last = bases().back();
  for (const auto lost : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    restore(written);
    remove_mark(lost);
    remove(last, true);
    expect_refused(fmt::format("offsets {} to {} or more are missing", last, all_.size() - 1),
                   "without " + std::string(lost));
  }
}

// Invariant 9: what knows the log's start must not go unnoticed itself.
TEST_F(MissingSegmentTest, TheFileWithTheStartIsMissedWhereAnotherMarkIsThere) {
  fill(40);
  die();
  const Files written = snapshot();
  const int64_t first = bases().front();
  for (const bool with_first : {true, false}) {
    for (const auto other : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
      restore(written);
      remove_mark(file_names::kPartition);
      remove_mark(other);
      if (!with_first) remove(first, true);
      expect_refused("/rides-0/partition is missing", "without " + std::string(other));
    }
  }
}

TEST_F(MissingSegmentTest, ADamagedFileWithTheStartIsRefused) {
  fill(40);
  ASSERT_OK(log_->drop_before(30));
  die();
  const Files written = snapshot();
  for (const Contents& contents : {Contents(), Contents(10, 'x'), Contents(500, 0)}) {
    restore(written);
    put(in_folder(file_names::kPartition), contents);
    expect_refused("/rides-0/partition is damaged", "damaged");
  }
}

// Which of its two starts was the newest one is not known: a loss is not ruled out.
TEST_F(MissingSegmentTest, AStartWhoseLineIsDamagedIsNotGuessed) {
  fill(40);
  ASSERT_OK(log_->drop_before(30));
  const int64_t start = log_->start_offset();
  die();
  auto& bytes = *files_.contents(in_folder(file_names::kPartition));
  const std::string text(bytes.begin(), bytes.end());
  bytes[text.find(fmt::format("start {:020}", start)) + 30] ^= 1;
  expect_refused("is damaged, the other says 0", "damaged");
}

// The way out that the messages name.
TEST_F(MissingSegmentTest, AFolderWithoutAnyMarkIsTakenAsItIs) {
  fill(40);
  ASSERT_OK(log_->close());
  die();
  const std::vector<int64_t> there = bases();
  remove(there.front(), true);
  remove(there.back(), true);
  expect_refused("are missing", "first and last");
  for (const auto mark : kMarks) remove_mark(mark);
  open();
  EXPECT_EQ(log_->start_offset(), there[1]);
  EXPECT_EQ(log_->end().offset, there.back());
  EXPECT_EQ(read_all(), Texts(all_.begin() + there[1], all_.begin() + there.back()));
  ASSERT_TRUE(acked({"next"}));
  die();
  remove(there[1], true);
  expect_refused(fmt::format("offsets {} to {} are missing", there[1], there[2] - 1), "again");
}

// A folder of an older program opens, killed or stopped, and is known from then on.
TEST_F(MissingSegmentTest, AFolderThatNeverHadAStartGetsItFromItsSegments) {
  fill(40);
  for (const bool is_closed : {false, true}) {
    if (is_closed) ASSERT_OK(log_->close());
    die();
    make_marks_old();
    files_.cut_power(~uint64_t{0});
    open();
    EXPECT_EQ(read_all(), all_);
    EXPECT_EQ(PartitionFile::read(files_, kFolder).value()->owner().topic_id, kTopicId);
  }
  fill(10);
  die();
  files_.cut_power(~uint64_t{0});
  const std::vector<int64_t> there = bases();
  remove(there.front(), false);
  expect_refused(fmt::format("offsets 0 to {} are missing", there[1] - 1), "first");
}

// What an older program's marks know is not forgotten.
TEST_F(MissingSegmentTest, TheLastSegmentOfAnOlderProgramsFolderIsMissedToo) {
  fill(40);
  die();
  make_marks_old();
  const int64_t last = bases().back();
  remove(last, true);
  expect_refused(fmt::format("offsets {} to {} or more are missing", last, last), "last");
}

// Invariant 13: retention that was cut short, or a power cut, left what is before the start.
TEST_F(MissingSegmentTest, SegmentsBeforeTheStartGoAtTheNextStart) {
  fill(40);
  const Files before = snapshot();
  ASSERT_OK(log_->drop_before(30));
  const int64_t start = log_->start_offset();
  ASSERT_GT(start, 0);
  die();
  const Files after = snapshot();
  for (const auto& [name, bytes] : before) {
    if (after.contains(name)) continue;
    restore(after);
    put(name, bytes);
    open();
    EXPECT_EQ(log_->start_offset(), start) << name;
    EXPECT_EQ(read_all(), Texts(all_.begin() + start, all_.end()));
    EXPECT_FALSE(files_.exists(name));
  }
}

// Invariant 4: each folder knows whose it is.
TEST_F(MissingSegmentTest, AnotherPartitionsFolderIsRefusedByItsName) {
  fill(10);
  ASSERT_OK(log_->close());
  die();
  const Files written = snapshot();
  const auto move_to = [&](const std::string& folder) {
    ASSERT_OK(files_.create_folder(folder));
    for (const auto& [name, bytes] : written)
      put(folder + "/" + file_names::last_part(name), bytes);
  };
  move_to("/rides-1");
  const auto open_at = [&](const std::string& folder, const Uuid& topic) {
    return Log::open(files_, clock_, folder, topic, config_);
  };
  const auto moved = open_at("/rides-1", kTopicId);
  EXPECT_FAILS_WITH(moved, StorageErrc::corrupt);
  EXPECT_NE(moved.error().message().find("/rides-1 holds partition rides-0"), std::string::npos);
  const auto remade = open_at("/rides-0", Uuid{{9}});
  EXPECT_FAILS_WITH(remade, StorageErrc::corrupt);
  EXPECT_NE(remade.error().message().find("of another topic of that name"), std::string::npos);
  EXPECT_OK(open_at("/rides-0", Uuid()));  // verify, where topics.json cannot be read
  for (const auto mark : kMarks) ASSERT_OK(files_.remove("/rides-1/" + std::string(mark)));
  const auto taken = open_at("/rides-1", kTopicId);
  ASSERT_OK(taken);
  EXPECT_EQ((*taken)->end().offset, std::ssize(all_));
}

// Also where an older program's checkpoint or recovery point alone tells.
TEST_F(MissingSegmentTest, AnOlderProgramsFolderOfAnotherPartitionIsRefusedToo) {
  fill(10);
  ASSERT_OK(log_->close());
  die();
  make_marks_old();
  const Files written = snapshot();
  ASSERT_OK(files_.create_folder("/rides-1"));
  for (const auto known : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    for (const auto& [name, bytes] : written) {
      const std::string file = file_names::last_part(name);
      const bool is_mark =
          std::find(std::begin(kMarks), std::end(kMarks), file) != std::end(kMarks);
      if (!is_mark || file == known) put("/rides-1/" + file, bytes);
    }
    const auto moved = Log::open(files_, clock_, "/rides-1", kTopicId, config_);
    EXPECT_FAILS_WITH(moved, StorageErrc::corrupt);
    EXPECT_NE(moved.error().message().find("holds partition rides-0"), std::string::npos);
    ASSERT_OK(files_.remove("/rides-1/" + std::string(known)));
  }
}

}  // namespace
}  // namespace hailstorm::storage
