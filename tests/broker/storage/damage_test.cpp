#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "broker/storage/batch_header.h"
#include "tests/broker/storage/log_fixture.h"
#include "tests/support/long_run.h"

namespace hailstorm::storage {
namespace {

using Contents = std::vector<uint8_t>;
using Files = std::map<std::string, Contents>;

/// A partition whose files are damaged, and what may then be read from it.
class DamageTest : public LogFixture {
 protected:
  void SetUp() override {
    config_.segment_bytes = 1024;
    open();
  }

  /// Batches of one to three records, each with its own size; all acknowledged.
  void fill(int batches) {
    for (int i = 0; i < batches; ++i) {
      clock_.advance_ms(1);
      Texts values;
      for (int j = 0; j <= i % 3; ++j)
        values.push_back(
            fmt::format("value-{}-{}{}", i, j, std::string(static_cast<size_t>(i % 7), 'x')));
      ASSERT_TRUE(append_as(7, 0, next_sequence_, values).ok());
      next_sequence_ += static_cast<int32_t>(values.size());
      all_.insert(all_.end(), values.begin(), values.end());
      ASSERT_OK(log_->sync());
    }
  }
  void die() { log_.reset(); }
  void forget_what_is_durable() {
    for (const auto name : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
      if (files_.exists(in_folder(name))) ASSERT_OK(files_.remove(in_folder(name)));
    }
  }
  /// The base offset of the growing segment, as in its file's name.
  std::string newest_log() const {
    std::string newest;
    for (const auto& [name, bytes] : files_.all_files())
      if (name.ends_with(file_names::kLog)) newest = file_names::last_part(name);
    return newest;
  }
  static std::string in_folder(std::string_view name) {
    return std::string(kFolder) + "/" + std::string(name);
  }

  Files snapshot() const { return files_.all_files(); }
  void restore(const Files& snapshot) {
    log_.reset();
    for (const auto& [name, bytes] : files_.all_files()) {
      if (!snapshot.contains(name)) ASSERT_OK(files_.remove(name));
    }
    for (const auto& [name, bytes] : snapshot) put(name, bytes);
  }
  /// All that is there survives a power cut.
  void make_durable() {
    for (const auto& [name, bytes] : files_.all_files())
      ASSERT_OK((*files_.open(name, FileSystem::Mode::read))->sync());
    ASSERT_OK(files_.sync_folder(kFolder));
  }
  void put(const std::string& name, const Contents& bytes) {
    const auto file = files_.open(name, FileSystem::Mode::create);
    ASSERT_OK(file);
    ASSERT_OK((*file)->truncate(0));
    ASSERT_OK((*file)->write_at(0, bytes));
  }

  /// What a consumer that checks each CRC gets from `offset` on; nothing when it is told of damage.
  std::optional<Texts> consume() {
    Texts values;
    int64_t offset = log_->log_start_offset();
    while (offset < log_->high_watermark()) {
      const auto stored = log_->read(offset, 300);
      if (!stored.ok()) {
        EXPECT_TRUE(stored.error().is(StorageErrc::corrupt)) << stored.error().message();
        return std::nullopt;
      }
      for (Bytes rest = stored->bytes; !rest.empty();) {
        const auto batch = wire::RecordBatchView::parse(rest);
        if (!batch.ok()) return std::nullopt;
        EXPECT_EQ(batch->base_offset(), offset);
        wire::RecordReader records(*batch);
        wire::RecordView record;
        while (*records.next(record)) values.emplace_back(*record.value);
        offset = batch->last_offset() + 1;
        rest = rest.subspan(batch->size_bytes());
      }
    }
    return values;
  }
  /// Also each offset on its own, as a consumer that seeks: the damage may not move a record.
  void expect_no_other_record_anywhere(const std::string& what) {
    for (int64_t offset = 0; offset < static_cast<int64_t>(all_.size()); ++offset) {
      const auto stored = log_->read(offset, 1);
      if (!stored.ok() || stored->bytes.empty()) continue;
      const auto batch = wire::RecordBatchView::parse(stored->bytes);
      if (!batch.ok()) continue;
      wire::RecordReader records(*batch);
      wire::RecordView record;
      while (*records.next(record)) {
        ASSERT_GE(record.offset, 0) << what;
        ASSERT_LT(record.offset, static_cast<int64_t>(all_.size())) << what;
        ASSERT_EQ(*record.value, all_[static_cast<size_t>(record.offset)])
            << what << ", read at " << offset;
      }
    }
  }
  /// Where the last batch of a whole segment begins.
  static size_t last_batch_of(const Contents& log) {
    size_t last = 0;
    for (size_t at = 0; at < log.size(); at += parse_header(Bytes(log).subspan(at))->size_bytes)
      last = at;
    return last;
  }
  void expect_refused_at(const Status& opened, const std::string& file, const std::string& what) {
    ASSERT_FALSE(opened.ok()) << what;
    EXPECT_TRUE(opened.error().is(StorageErrc::corrupt)) << what;
    EXPECT_NE(opened.error().message().find(file), std::string::npos)
        << what << ": " << opened.error().message();
    EXPECT_NE(opened.error().message().find("byte "), std::string::npos) << what;
  }

  Texts all_;
  int32_t next_sequence_ = 0;
};

// Invariant 6. Nothing of the torn batch was acknowledged.
TEST_F(DamageTest, ATailTornAtAnyLengthIsCutToTheWholeBatchesBeforeIt) {
  fill(4);
  const size_t whole = bytes_of(0).size();
  ASSERT_OK(append({"never acknowledged", "neither"}));
  die();
  const Files written = snapshot();
  const Contents full = written.at(path(0));
  for (size_t length = whole; length < full.size(); ++length) {
    for (const bool zeros : {false, true}) {  // zeros: the size reached the disk, the bytes did not
      restore(written);
      Contents torn(full.begin(), full.begin() + static_cast<std::ptrdiff_t>(length));
      if (zeros) torn.resize(full.size());
      if (torn == full) continue;  // all that is missing were zeros
      put(path(0), torn);
      ASSERT_OK(try_open());
      ASSERT_EQ(read_all(), all_) << length;
      ASSERT_EQ(bytes_of(0).size(), whole);
      ASSERT_EQ(append({"next"})->base_offset, static_cast<int64_t>(all_.size()));
    }
  }
}

// Invariants 6, 7: what was acknowledged is missed, wherever the file ends.
TEST_F(DamageTest, AnAcknowledgedTailThatIsCutShortIsRefused) {
  fill(5);
  die();
  const Files written = snapshot();
  const Contents full = written.at(path(0));
  for (size_t length = 0; length < full.size(); ++length) {
    restore(written);
    const Contents shorter(full.begin(), full.begin() + static_cast<std::ptrdiff_t>(length));
    put(path(0), shorter);
    expect_refused_at(try_open(), path(0), fmt::format("cut to {} bytes", length));
    ASSERT_EQ(bytes_of(0), shorter);
  }
}

// Invariants 6, 7: also where the checkpoint alone tells, and of a segment that is whole.
TEST_F(DamageTest, ASegmentOfAnotherSizeThanAtTheCheckpointIsRefused) {
  fill(14);
  ASSERT_OK(log_->close());
  die();
  ASSERT_OK(files_.remove(in_folder(file_names::kRecoveryPoint)));
  const Files written = snapshot();
  const std::string newest = in_folder(newest_log());
  ASSERT_NE(newest, path(0));
  for (const std::string& file : {path(0), newest}) {
    const size_t whole = written.at(file).size();
    for (size_t length = 0; length <= whole + 1; ++length) {
      if (length == whole || (length > whole && file == newest)) continue;
      restore(written);
      files_.contents(file)->resize(length);
      expect_refused_at(try_open(), file, fmt::format("{} bytes, not {}", length, whole));
    }
  }
}

// Invariant 7: nothing says what was durable, yet only the last batch may go.
TEST_F(DamageTest, AnyFlippedBitIsRefusedBeforeTheTailAndCutInTheTail) {
  fill(5);
  die();
  forget_what_is_durable();
  const Files written = snapshot();
  const size_t last_batch = last_batch_of(written.at(path(0)));
  for (size_t bit = 0; bit < 8 * written.at(path(0)).size(); ++bit) {
    const std::string what = fmt::format("bit {} of byte {}", bit % 8, bit / 8);
    restore(written);
    bytes_of(0)[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    const Contents damaged = bytes_of(0);
    const Status opened = try_open();
    if (!opened.ok()) {
      expect_refused_at(opened, path(0), what);
      ASSERT_EQ(bytes_of(0), damaged) << what;
    } else {
      ASSERT_GE(bit / 8, last_batch) << what;
      ASSERT_EQ(bytes_of(0).size(), last_batch) << what;
      ASSERT_EQ(read_all(), Texts(all_.begin(), all_.end() - 2)) << what;
    }
  }
}

// Invariant 7: the recovery point tells that all of it was acknowledged.
TEST_F(DamageTest, AnyFlippedBitOfWhatWasAcknowledgedIsRefused) {
  fill(5);
  die();
  const Files written = snapshot();
  for (size_t bit = 0; bit < 8 * written.at(path(0)).size(); ++bit) {
    restore(written);
    bytes_of(0)[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    expect_refused_at(try_open(), path(0), fmt::format("bit {}", bit));
  }
}

// Invariant 7: a large batch has whole sectors, but not one of them is zeros.
TEST_F(DamageTest, AFlippedBitOfALargeBatchIsNoLostSector) {
  config_.segment_bytes = 1 << 20;
  open();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(acked({std::string(2'000, 'x')}));
  die();
  forget_what_is_durable();
  const Files written = snapshot();
  const size_t last_batch = last_batch_of(written.at(path(0)));
  for (size_t byte = 0; byte < last_batch; ++byte) {
    restore(written);
    bytes_of(0)[byte] ^= 0x10;
    expect_refused_at(try_open(), path(0), fmt::format("byte {}", byte));
  }
}

// Invariant 7: also where only the checkpoint tells, and nothing whole stands behind the damage.
TEST_F(DamageTest, AnyFlippedBitBelowTheCheckpointIsNoTornTail) {
  fill(5);
  const size_t last_batch = last_batch_of(bytes_of(0));
  const size_t durable = bytes_of(0).size();
  close_and_open();
  ASSERT_OK(append({"never acknowledged"}));
  die();
  bytes_of(0).pop_back();
  ASSERT_OK(files_.remove(in_folder(file_names::kRecoveryPoint)));
  const Files written = snapshot();
  open();
  EXPECT_EQ(read_all(), all_);
  for (size_t bit = 8 * last_batch; bit < 8 * durable; ++bit) {
    restore(written);
    bytes_of(0)[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    expect_refused_at(try_open(), path(0), fmt::format("bit {}", bit));
  }
}

// Invariants 4, 7: a clean point is trusted without reading the log, so readers must notice.
TEST_F(DamageTest, AnyFlippedBitBehindACleanPointIsNeverReadAsARecord) {
  fill(14);
  ASSERT_OK(log_->close());
  die();
  ASSERT_GT(segment_count(), 1u);
  const Files written = snapshot();
  const std::string file = path(0);
  for (size_t bit = 0; bit < 8 * written.at(file).size(); ++bit) {
    const std::string what = fmt::format("bit {} of byte {}", bit % 8, bit / 8);
    restore(written);
    bytes_of(0)[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    ASSERT_OK(try_open());
    const auto values = consume();
    ASSERT_FALSE(values.has_value()) << what << " went unnoticed";
    expect_no_other_record_anywhere(what);
    if (HasFatalFailure()) return;
  }
}

// Invariants 4, 7: also where the index spares walking the segment; no CRC covers a base offset.
TEST_F(DamageTest, AFlippedBitOfAnOffsetBehindACleanPointIsNeverReadAsARecord) {
  config_.segment_bytes = 1 << 20;
  open();
  fill(100);
  ASSERT_OK(log_->close());
  die();
  const Files written = snapshot();
  const Contents& whole = written.at(path(0));
  ASSERT_GT(whole.size(), 10'000u);  // two entries and more
  for (size_t at = 0; at < 4'000; at += parse_header(Bytes(whole).subspan(at))->size_bytes) {
    for (size_t bit = 0; bit < 16; ++bit) {
      const std::string what = fmt::format("bit {} of the offset at byte {}", bit, at);
      restore(written);
      bytes_of(0)[at + 7 - bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
      ASSERT_OK(try_open());
      ASSERT_FALSE(consume().has_value()) << what << " went unnoticed";
      ASSERT_FALSE(HasFailure()) << what;
    }
  }
}

// Invariant 7.
TEST_F(DamageTest, DamageInAnOlderSegmentIsRefusedWithoutACleanPoint) {
  fill(14);
  die();
  ASSERT_OK(files_.remove(in_folder(file_names::kCheckpoint)));
  const Files written = snapshot();
  for (size_t byte = 0; byte < written.at(path(0)).size();
       byte += hailstorm::testing::is_long_run() ? 1u : 7u) {
    restore(written);
    bytes_of(0)[byte] ^= 0x55;
    expect_refused_at(try_open(), path(0), fmt::format("byte {}", byte));
  }
}

// Invariant 7: a whole sector that went to zeros is no power cut's work where all was durable.
TEST_F(DamageTest, ZeroedSectorsOfWhatWasAcknowledgedAreRefused) {
  config_.segment_bytes = 1 << 20;
  open();
  fill(60);
  die();
  const Files written = snapshot();
  const size_t size = written.at(path(0)).size();
  for (size_t sector = 0; sector < size; sector += 512) {
    restore(written);
    auto& bytes = bytes_of(0);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(sector),
              bytes.begin() + static_cast<std::ptrdiff_t>(std::min(sector + 512, size)), 0);
    expect_refused_at(try_open(), path(0), fmt::format("sector at {}", sector));
  }
}

// Invariants 1, 6: a power cut loses any of the sectors that no sync covered.
TEST_F(DamageTest, ALostSectorOfWhatWasNotAcknowledgedIsATornTail) {
  config_.segment_bytes = 1 << 20;
  open();
  ASSERT_TRUE(acked({"acknowledged"}));
  std::vector<size_t> ends{bytes_of(0).size()};
  for (int i = 0; i < 8; ++i) {
    ASSERT_OK(append({std::string(300, 'x')}));
    ends.push_back(bytes_of(0).size());
  }
  die();
  const Files written = snapshot();
  for (size_t sector = 0; sector < ends.back(); sector += 512) {
    restore(written);
    const size_t begin = std::max(sector, ends.front());
    auto& bytes = bytes_of(0);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
              bytes.begin() + static_cast<std::ptrdiff_t>(std::min(sector + 512, ends.back())), 0);
    const Status opened = try_open();
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    const auto whole = std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin();
    EXPECT_EQ(std::ssize(read_all()), whole) << "sector at " << sector;
  }
}

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

// Invariants 3, 9: the checkpoint or the recovery point alone tells that there was something.
TEST_F(DamageTest, ALogOfWhichNoSegmentIsLeftDoesNotBeginAnew) {
  fill(20);
  die();
  ASSERT_GT(segment_count(), 1u);
  for (const auto& [name, bytes] : snapshot())
    if (name.ends_with(file_names::kLog)) ASSERT_OK(files_.remove(name));
  const Files written = snapshot();
  for (const auto lost : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    restore(written);
    ASSERT_OK(files_.remove(in_folder(lost)));
    expect_refused_at(try_open(), ".log", "without " + std::string(lost));
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
  ASSERT_OK(append({"torn"}));
  die();
  bytes_of(std::stoll(newest_log())).pop_back();
  put(in_folder("checkpoint.tmp"), {1});
  put(path(999, file_names::kOffsetIndex), {0});
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
