#include <fmt/format.h>

#include "tests/broker/verify/agreement_fixture.h"
#include "tests/support/long_run.h"

namespace hailstorm::verify {
namespace {

namespace file_names = storage::file_names;
using storage::FileSystem;

class AgreementTest : public AgreementFixture {};

TEST_F(AgreementTest, AHealthyPartitionHasNoFindings) {
  fill(30);
  EXPECT_EQ(text_of(expect_agreement("killed")), "");
  ASSERT_OK(log_->close());
  const auto report = expect_agreement("closed");
  EXPECT_EQ(text_of(report), "");
  EXPECT_EQ(report.batches, 30U);
  EXPECT_GT(report.segments, 2U);
}

TEST_F(AgreementTest, TailsTornAtEveryLength) {
  fill(4);
  ASSERT_OK(append({"never acknowledged", "neither"}));
  die();
  const Files written = files_.all_files();
  const Contents full = written.at(path(0));
  for (size_t length = 0; length <= full.size(); ++length) {
    for (const int kind :
         {0, 1, 2}) {  // 1: zeros in the place of what is missing; 2: all marks lost
      restore(written);
      if (kind == 2) forget_what_is_durable();
      Contents torn(full.begin(), full.begin() + static_cast<std::ptrdiff_t>(length));
      if (kind == 1) torn.resize(full.size());
      put(path(0), torn);
      expect_agreement(fmt::format("{} bytes, kind {}", length, kind));
      if (HasFailure()) return;
    }
  }
}

TEST_F(AgreementTest, EveryFlippedBitOfTheGrowingSegment) {
  fill(5);
  die();
  const Files written = files_.all_files();
  for (const bool knows_durable : {true, false}) {
    for (size_t bit = 0; bit < 8 * written.at(path(0)).size(); ++bit) {
      restore(written);
      if (!knows_durable) forget_what_is_durable();
      bytes_of(0)[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
      const auto report = expect_agreement(fmt::format("bit {}, marks {}", bit, knows_durable));
      ASSERT_FALSE(report.findings.empty()) << "bit " << bit << " went unnoticed";
      if (HasFailure()) return;
    }
  }
}

// The broker trusts what its checkpoint covers, and opens; verify reads it all the same.
TEST_F(AgreementTest, EveryFlippedBitBeforeACleanPoint) {
  fill(14);
  ASSERT_OK(log_->close());
  die();
  const Files written = files_.all_files();
  for (size_t bit = 0; bit < 8 * written.at(path(0)).size(); ++bit) {
    restore(written);
    bytes_of(0)[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    const auto report = expect_agreement(fmt::format("bit {}", bit));
    EXPECT_TRUE(report.opens);
    EXPECT_GT(report.count(Severity::damaged), 0U) << "bit " << bit;
    if (HasFailure()) return;
  }
}

TEST_F(AgreementTest, DamagedBytesOfOlderSegmentsWithoutACheckpoint) {
  fill(14);
  die();
  ASSERT_OK(files_.remove(in_folder(file_names::kCheckpoint)));
  const Files written = files_.all_files();
  const size_t step = hailstorm::testing::is_long_run() ? 1 : 5;
  for (size_t byte = 0; byte < written.at(path(0)).size(); byte += step) {
    restore(written);
    bytes_of(0)[byte] ^= 0x55;
    const auto report = expect_agreement(fmt::format("byte {}", byte));
    EXPECT_FALSE(report.opens);
    if (HasFailure()) return;
  }
}

TEST_F(AgreementTest, ZeroedSectors) {
  config_.segment_bytes = 1 << 20;
  open();
  fill(60);
  die();
  const Files written = files_.all_files();
  const size_t size = written.at(path(0)).size();
  for (const bool knows_durable : {true, false}) {
    for (size_t sector = 0; sector < size; sector += 512) {
      restore(written);
      if (!knows_durable) forget_what_is_durable();
      auto& bytes = bytes_of(0);
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(sector),
                bytes.begin() + static_cast<std::ptrdiff_t>(std::min(sector + 512, size)), 0);
      expect_agreement(fmt::format("sector at {}, marks {}", sector, knows_durable));
    }
  }
}

TEST_F(AgreementTest, MissingSegments) {
  fill(40);
  die();
  const Files written = files_.all_files();
  for (const bool with_checkpoint : {true, false}) {
    for (const auto& [name, bytes] : written) {
      if (!name.ends_with(file_names::kLog)) continue;
      restore(written);
      ASSERT_OK(files_.remove(name));
      if (!with_checkpoint) ASSERT_OK(files_.remove(in_folder(file_names::kCheckpoint)));
      expect_agreement(name + (with_checkpoint ? " is missing" : " is missing, no checkpoint"));
    }
  }
}

// Also where retention has moved the log's start, and where its file is lost or damaged too.
TEST_F(AgreementTest, MissingSegmentsAndStarts) {
  fill(40);
  for (const bool is_closed : {false, true}) {
    ASSERT_OK(log_->drop_before(20));
    if (is_closed) ASSERT_OK(log_->close());
    die();
    const Files written = files_.all_files();
    for (const int start : {0, 1, 2, 3}) {  // kept, lost, emptied, one line damaged
      for (const auto& [name, bytes] : written) {
        restore(written);
        auto* const partition = files_.contents(in_folder(file_names::kPartition));
        if (start == 3) (*partition)[partition->size() - 3] ^= 1;
        if (start == 2) partition->clear();
        if (start == 1) ASSERT_OK(files_.remove(in_folder(file_names::kPartition)));
        if (name.ends_with(file_names::kLog)) ASSERT_OK(files_.remove(name));
        expect_agreement(fmt::format("{} of {} is missing", start, name));
        if (HasFailure()) return;
      }
    }
    restore(written);
    open();
  }
}

TEST_F(AgreementTest, ASegmentBeforeTheStartIsNamedAsLeftOver) {
  fill(40);
  const Contents first = bytes_of(0);
  ASSERT_OK(log_->drop_before(60));
  ASSERT_GT(log_->start_offset(), 30);
  die();
  put(path(0), first);
  const auto report = expect_agreement("a segment before the start");
  ASSERT_EQ(report.findings.size(), 1U) << text_of(report);
  EXPECT_EQ(report.findings[0].severity, Severity::mended);
}

TEST_F(AgreementTest, AFolderWithoutMarksIsNamedAsTakenAsItIs) {
  fill(40);
  die();
  forget_what_is_durable();
  ASSERT_OK(files_.remove(in_folder(file_names::kPartition)));
  ASSERT_OK(files_.remove(path(0)));
  const auto report = expect_agreement("no marks");
  EXPECT_TRUE(report.opens);
  EXPECT_GT(report.start_offset, 0);
  const auto note =
      std::find_if(report.findings.begin(), report.findings.end(),
                   [](const auto& each) { return each.file == file_names::kPartition; });
  ASSERT_NE(note, report.findings.end()) << text_of(report);
  EXPECT_EQ(note->severity, Severity::note);
}

TEST_F(AgreementTest, StaleFilesAreNamed) {
  fill(10);
  die();
  put(in_folder("checkpoint.tmp"), {1, 2, 3});
  put(path(777, file_names::kOffsetIndex), {0, 0, 0, 0});
  put(path(777, file_names::kTimeIndex), {0});
  const auto report = expect_agreement("stale files");
  EXPECT_EQ(report.count(Severity::mended), 3U) << text_of(report);
  EXPECT_EQ(report.count(Severity::damaged), 0U);
}

TEST_F(AgreementTest, ACopyIsNamedAsOne) {
  fill(5);
  die();
  const Contents bytes = bytes_of(0);
  ASSERT_OK(files_.remove(path(0)));
  put(path(0), bytes);
  const auto report = expect_agreement("a copy");
  ASSERT_EQ(report.findings.size(), 1U) << text_of(report);
  EXPECT_EQ(report.findings[0].severity, Severity::note);
}

}  // namespace
}  // namespace hailstorm::verify
