#include <fmt/format.h>
#include <functional>
#include <random>

#include "broker/verify/check_partition.h"
#include "tests/broker/storage/log_fixture.h"
#include "tests/support/long_run.h"

namespace hailstorm::verify {
namespace {

namespace file_names = storage::file_names;
using storage::FileSystem;
using Contents = std::vector<uint8_t>;
using Files = std::map<std::string, Contents>;

/// A partition whose files are damaged in every way that the storage tests know; of each, what
/// check_partition() says is held against what opening the partition then does.
class AgreementTest : public storage::LogFixture {
 protected:
  void SetUp() override {
    config_.segment_bytes = 1024;
    settings_.topics["rides"].config = config_;
    open();
  }

  void fill(int batches) {
    for (int i = 0; i < batches; ++i) {
      clock_.advance_ms(1);
      Texts values;
      for (int j = 0; j <= i % 3; ++j) values.push_back(fmt::format("value-{}-{}", i, j));
      ASSERT_TRUE(append_as(7, 0, next_sequence_, values).ok());
      next_sequence_ += static_cast<int32_t>(values.size());
      ASSERT_OK(log_->sync());
    }
  }
  void die() { log_.reset(); }
  void forget_what_is_durable() {
    for (const auto name : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
      if (files_.exists(in_folder(name))) ASSERT_OK(files_.remove(in_folder(name)));
    }
  }
  static std::string in_folder(std::string_view name) {
    return std::string(kFolder) + "/" + std::string(name);
  }
  void put(const std::string& name, const Contents& bytes) {
    const auto file = files_.open(name, FileSystem::Mode::create);
    ASSERT_OK(file);
    ASSERT_OK((*file)->truncate(0));
    ASSERT_OK((*file)->write_at(0, bytes));
  }
  void restore(const Files& snapshot) {
    log_.reset();
    for (const auto& [name, bytes] : files_.all_files()) {
      if (!snapshot.contains(name)) ASSERT_OK(files_.remove(name));
    }
    for (const auto& [name, bytes] : snapshot) put(name, bytes);
  }

  /// Reads everything as a consumer that checks each CRC and record. False: it is told of damage.
  bool can_read_all() {
    int64_t offset = log_->start_offset();
    while (offset < log_->durable_end().offset) {
      const auto stored = read(offset, 1 << 20);
      if (!stored.ok() || stored->bytes.empty()) return false;
      for (Bytes rest = stored->bytes; !rest.empty();) {
        const auto batch = wire::RecordBatchView::parse(rest);
        if (!batch.ok() || batch->base_offset() != offset || batch->leader_epoch() != 0 ||
            !wire::check_records(*batch).ok())
          return false;
        offset = batch->last_offset() + 1;
        rest = rest.subspan(batch->size_bytes());
      }
    }
    return true;
  }

  static std::string text_of(const PartitionReport& report) {
    std::string text;
    for (const auto& finding : report.findings)
      text += fmt::format("{} {}:{} {} -> {}\n", name_of(finding.severity), finding.file,
                          finding.byte ? static_cast<int64_t>(*finding.byte) : -1, finding.what,
                          finding.outcome);
    return text;
  }

  /// The heart: the verdict on the files as they are, then the real opening.
  PartitionReport expect_agreement(const std::string& what) {
    log_.reset();
    const Files before = files_.all_files();
    const PartitionReport report = check_partition(files_, clock_, kFolder, settings_);
    EXPECT_EQ(files_.all_files(), before) << what << ": verify wrote";
    const Status opened = try_open();
    const std::string said = what + ", verify said:\n" + text_of(report);
    EXPECT_EQ(report.opens, opened.ok()) << said;
    if (!opened.ok()) {
      EXPECT_EQ(report.refusal, opened.error().message()) << said;
      EXPECT_GT(report.count(Severity::damaged), 0U) << said;
      return report;
    }
    EXPECT_EQ(report.start_offset, log_->start_offset()) << said;
    EXPECT_EQ(report.end_offset, log_->end().offset) << said;
    expect_same_changes(report, before, said);
    EXPECT_EQ(can_read_all(), report.count(Severity::damaged) == 0) << said;
    return report;
  }
  void expect_same_changes(const PartitionReport& report, const Files& before,
                           const std::string& said) {
    const Files after = files_.all_files();
    for (const auto& [name, bytes] : before) {
      const std::string file = file_names::last_part(name);
      const auto finding = std::find_if(report.findings.begin(), report.findings.end(),
                                        [&](const auto& f) { return f.file == file; });
      const bool is_named = finding != report.findings.end();
      if (!after.contains(name)) {
        EXPECT_TRUE(is_named && finding->severity == Severity::mended) << name << " " << said;
      } else if (name.ends_with(file_names::kLog) && after.at(name).size() < bytes.size()) {
        ASSERT_TRUE(is_named) << name << " " << said;
        EXPECT_EQ(finding->severity, Severity::mended) << name << " " << said;
        EXPECT_EQ(finding->byte, after.at(name).size()) << said;
        EXPECT_NE(finding->outcome.find(
                      fmt::format("cuts {} bytes", bytes.size() - after.at(name).size())),
                  std::string::npos)
            << said;
      }
    }
  }

  storage::StoreSettings settings_;
  int32_t next_sequence_ = 0;
};

TEST_F(AgreementTest, AHealthyPartitionHasNothingToSay) {
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
TEST_F(AgreementTest, EveryFlippedBitBehindACleanPoint) {
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

/// Indexes, checkpoint and recovery point, damaged one by one.
class HelperAgreementTest : public AgreementTest {
 protected:
  void SetUp() override {
    config_.segment_bytes = 16 << 10;
    settings_.topics["rides"].config = config_;
    open();
    for (int i = 0; i < 90; ++i) {
      ASSERT_OK(append({std::string(400, 'x')}));
      clock_.advance_ms(1);
      if (i % 10 == 9) ASSERT_OK(log_->sync());
    }
    killed_ = files_.all_files();
    ASSERT_OK(log_->close());
    closed_ = files_.all_files();
    die();
  }
  void for_each_helper(
      const std::string& how,
      const std::function<std::optional<Contents>(const std::string&, const Contents&)>& damage) {
    for (const Files& healthy : {killed_, closed_}) {
      size_t count = 0;
      for (const auto& [name, bytes] : healthy) {
        if (name.ends_with(file_names::kLog) || name.ends_with(file_names::kPartition)) continue;
        ++count;
        const auto damaged = damage(name, bytes);
        restore(healthy);
        if (damaged) put(name, *damaged);
        if (!damaged) ASSERT_OK(files_.remove(name));
        const auto report = expect_agreement(name + " " + how);
        EXPECT_TRUE(report.opens);
        EXPECT_EQ(report.count(Severity::damaged), 0U) << name << " " << how << text_of(report);
        const bool is_marked = std::any_of(
            report.findings.begin(), report.findings.end(),
            [&](const auto& finding) { return finding.file == file_names::last_part(name); });
        named_ += is_marked ? 1 : 0;
        if (HasFailure()) return;
      }
      EXPECT_GT(count, 5U);
      helpers_ += count;
    }
  }
  Files killed_, closed_;
  size_t helpers_ = 0;
  size_t named_ = 0;
};

TEST_F(HelperAgreementTest, Garbled) {
  for_each_helper("garbled", [](const auto&, const Contents& bytes) {
    std::mt19937_64 random(1);
    Contents garbled(bytes.size() + 5);
    for (auto& byte : garbled) byte = static_cast<uint8_t>(random());
    return garbled;
  });
  EXPECT_EQ(named_, helpers_);
}

TEST_F(HelperAgreementTest, Deleted) {
  for_each_helper("deleted", [](const auto&, const auto&) { return std::nullopt; });
  EXPECT_GE(named_, helpers_ - 4) << "of the marks none is missed: a new partition has none";
}

TEST_F(HelperAgreementTest, EmptiedZeroedOrCut) {
  for_each_helper("emptied", [](const auto&, const auto&) { return Contents(); });
  for_each_helper("zeroed",
                  [](const auto&, const auto& bytes) { return Contents(bytes.size(), 0); });
  for (size_t cut = 1; cut < 40; ++cut) {
    for_each_helper(fmt::format("{} bytes shorter", cut), [&](const auto&, const Contents& bytes) {
      return Contents(bytes.begin(),
                      bytes.end() - static_cast<std::ptrdiff_t>(std::min(cut, bytes.size())));
    });
  }
}

TEST_F(HelperAgreementTest, AnyFlippedBitOfAnIndexIsNamed) {
  for (const auto& [name, bytes] : closed_) {
    if (!name.ends_with("index")) continue;
    for (size_t bit = 0; bit < 8 * bytes.size(); bit += hailstorm::testing::is_long_run() ? 1 : 5) {
      Contents flipped = bytes;
      flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
      restore(closed_);
      put(name, flipped);
      const auto report = expect_agreement(fmt::format("{} bit {}", name, bit));
      ASSERT_EQ(report.findings.size(), 1U) << name << " bit " << bit << text_of(report);
      ASSERT_EQ(report.findings[0].file, file_names::last_part(name));
    }
  }
}

// A checkpoint that knows of more than there is tells of a loss.
TEST_F(HelperAgreementTest, MarksFromTheFutureAreRefusedByBoth) {
  for (const auto name : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    restore(closed_);
    open();
    for (int i = 0; i < 90; ++i) ASSERT_OK(append({std::string(400, 'x')}));
    ASSERT_OK(log_->close());
    const Contents future = files_.all_files().at(in_folder(name));
    restore(closed_);
    put(in_folder(name), future);
    const auto report = expect_agreement(std::string(name) + " from the future");
    EXPECT_FALSE(report.opens) << text_of(report);
  }
}

}  // namespace
}  // namespace hailstorm::verify
