#pragma once

#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "broker/verify/check_partition.h"
#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::verify {

using Contents = std::vector<uint8_t>;
using Files = std::map<std::string, Contents>;

/// A partition whose files are damaged in every way that the storage tests know; of each, what
/// check_partition() says is held against what opening the partition then does.
class AgreementFixture : public storage::LogFixture {
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
    for (const auto name :
         {storage::file_names::kCheckpoint, storage::file_names::kRecoveryPoint}) {
      if (files_.exists(in_folder(name))) ASSERT_OK(files_.remove(in_folder(name)));
    }
  }
  static std::string in_folder(std::string_view name) {
    return std::string(kFolder) + "/" + std::string(name);
  }
  void put(const std::string& name, const Contents& bytes) {
    const auto file = files_.open(name, storage::FileSystem::Mode::create);
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

  /// Reads everything as a consumer that checks each CRC and record. False: a read reports damage.
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
      const std::string file = storage::file_names::last_part(name);
      const auto finding = std::find_if(report.findings.begin(), report.findings.end(),
                                        [&](const auto& f) { return f.file == file; });
      const bool is_named = finding != report.findings.end();
      if (!after.contains(name)) {
        EXPECT_TRUE(is_named && finding->severity == Severity::mended) << name << " " << said;
      } else if (name.ends_with(storage::file_names::kLog) &&
                 after.at(name).size() < bytes.size()) {
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

}  // namespace hailstorm::verify
