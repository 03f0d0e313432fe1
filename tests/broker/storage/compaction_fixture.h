#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/broker/storage/log_fixture.h"

namespace hailstorm::storage {

/// A log of a compacted topic, and beside it all that was ever acknowledged. Thread safety: not
/// safe.
class CompactionFixture : public LogFixture {
 protected:
  struct Sent {
    std::string key;
    std::optional<std::string> value;
    bool operator==(const Sent&) const = default;
  };
  using Records = std::map<int64_t, Sent>;  // by offset

  void SetUp() override {
    config_.cleanup = wire::CleanupPolicy::compaction;
    config_.segment_bytes = 1024;
    config_.min_dirty_ppm = 0;
    ASSERT_OK(files_.create_folder(kFolder));
    ASSERT_OK(files_.sync_folder("/"));
    open();
  }

  /// A batch of these records, durable where that succeeds.
  Result<Appended> send(const std::vector<Sent>& records,
                        compression::Codec codec = compression::Codec::none,
                        int64_t producer = -1) {
    wire::RecordBatchBuilder builder;
    for (const auto& record : records) builder.append(clock_.wall_ms(), record.key, record.value);
    if (producer >= 0) builder.set_producer(producer, 0, sequences_[producer]);
    auto bytes = builder.finish(0, codec);
    auto appended = append_bytes(bytes);
    if (!appended.ok()) return appended;
    for (size_t i = 0; i < records.size(); ++i)
      written_[appended->base_offset + static_cast<int64_t>(i)] = records[i];
    if (producer >= 0) sequences_[producer] += static_cast<int32_t>(records.size());
    HAIL_RETURN_IF_ERROR(log_->sync());
    return appended;
  }
  /// Batches of one record, each of another of `keys` in turn.
  void fill(int batches, int keys) {
    for (int i = 0; i < batches; ++i) {
      clock_.advance_ms(1);
      ASSERT_OK(send({{fmt::format("key-{}", i % keys), fmt::format("value-{}-{}", i, "x")}}));
    }
  }
  /// Makes another segment the active one.
  void roll() {
    const size_t before = segment_count();
    while (segment_count() == before) fill(1, 1);
  }

  /// One round, with the syncs that it needs. True: it was finished.
  Result<bool> compact() {
    const auto compaction = log_->begin_compaction(log_->durable_end().offset, limits_);
    if (!compaction) return false;
    for (;;) {
      compaction->run();
      HAIL_ASSIGN_OR_RETURN(const bool has_next, log_->next_step(*compaction));
      if (log_->has_swap()) HAIL_RETURN_IF_ERROR(log_->sync());
      if (log_->has_swap()) return Error(StorageErrc::io, "the swap was not ended");
      if (!has_next) break;
    }
    counts_ = compaction->counts();
    return true;
  }
  void expect_compacted() {
    const auto compacted = compact();
    ASSERT_OK(compacted);
    EXPECT_TRUE(*compacted);
  }

  /// All that a reader of the whole log gets. Fails the test where batches leave offsets out.
  Records read_records() {
    Records records;
    int64_t offset = log_->start_offset();
    while (offset < log_->durable_end().offset) {
      const auto stored = read(offset, 700);
      EXPECT_OK(stored);
      if (!stored.ok() || stored->bytes.empty()) return records;
      for (Bytes rest = stored->bytes; !rest.empty();) {
        const auto batch = wire::RecordBatchView::parse(rest);
        EXPECT_OK(batch);
        if (!batch.ok()) return records;
        EXPECT_EQ(batch->base_offset(), offset);
        take(*batch, records);
        offset = batch->last_offset() + 1;
        rest = rest.subspan(batch->size_bytes());
      }
    }
    return records;
  }

  /// What is wrong with the log, one line each: a record that was never sent so, a key whose last
  /// value is missing, a deleted key that is back, a record missing that no round may have seen.
  std::vector<std::string> flaws() {
    std::vector<std::string> found;
    const Records records = read_records();
    for (const auto& [offset, record] : records) {
      const auto sent = written_.find(offset);
      if (sent == written_.end() || sent->second != record)
        found.push_back(fmt::format("offset {}: never sent so", offset));
    }
    std::map<std::string, int64_t> latest;
    for (const auto& [offset, sent] : written_) {
      latest[sent.key] = offset;
      if (offset >= log_->durable_end().segment_base && !records.contains(offset))
        found.push_back(fmt::format("offset {}: missing in the active segment", offset));
    }
    for (const auto& [key, offset] : latest) {
      if (records.contains(offset)) continue;
      if (written_[offset].value) found.push_back(key + ": its last value is missing");
      for (const auto& [at, record] : records) {
        if (record.key == key)
          found.push_back(fmt::format("{}: deleted at {}, and back at {}", key, offset, at));
      }
    }
    return found;
  }
  void expect_sound() { EXPECT_EQ(flaws(), std::vector<std::string>()); }

  CompactionLimits limits_{.secret = {1, 2}};
  CompactionCounts counts_;  // of the last round
  Records written_;
  std::map<int64_t, int32_t> sequences_;  // the next one, by producer

 private:
  static void take(const wire::RecordBatchView& batch, Records& records) {
    wire::RecordReader reader(batch);
    for (wire::RecordView record;;) {
      const auto more = reader.next(record);
      EXPECT_OK(more);
      if (!more.ok() || !*more) return;
      std::optional<std::string> value;
      if (record.value) value = std::string(*record.value);
      EXPECT_TRUE(record.key.has_value());
      records[record.offset] = {std::string(record.key.value_or("")), std::move(value)};
    }
  }
};

}  // namespace hailstorm::storage
