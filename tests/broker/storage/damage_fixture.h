#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "broker/storage/batch_header.h"
#include "tests/broker/storage/log_fixture.h"
#include "tests/support/long_run.h"

namespace hailstorm::storage {

using Contents = std::vector<uint8_t>;
using Files = std::map<std::string, Contents>;

/// A partition whose files are damaged, and what may then be read from it. Thread safety: not safe.
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
    int64_t offset = log_->start_offset();
    while (offset < log_->durable_end().offset) {
      const auto stored = read(offset, 300);
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
      const auto stored = read(offset, 1);
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

}  // namespace hailstorm::storage
