#include "tests/broker/storage/damage_fixture.h"

namespace hailstorm::storage {
namespace {

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

// Invariant 7: also when it is cut short under the broker's hands.
TEST_F(DamageTest, AFileThatEndsBeforeWhatWasWrittenIsNotRead) {
  fill(5);
  bytes_of(0).pop_back();
  EXPECT_FAILS_WITH(read(0, 1 << 20), StorageErrc::corrupt);
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

}  // namespace
}  // namespace hailstorm::storage
