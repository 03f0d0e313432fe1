#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/file_names.h"
#include "broker/storage/log.h"
#include "common/wire/record_batch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/matchers.h"

namespace hailstorm::storage {

/// A batch of one record per value, all with this time.
inline std::vector<uint8_t> batch_of(const std::vector<std::string>& values, int64_t timestamp_ms) {
  wire::RecordBatchBuilder builder;
  for (const auto& value : values) builder.append(timestamp_ms, "key", value);
  return builder.finish();
}

/// The log of a partition in memory, and helpers that write, read and damage it.
class LogFixture : public ::testing::Test {
 protected:
  using Fault = hailstorm::testing::FaultyFileSystem::Fault;
  using Texts = std::vector<std::string>;

  static constexpr const char* kFolder = "/rides-0";
  static constexpr Uuid kTopicId{{7}};

  Status try_open() {
    log_.reset();
    auto opened = Log::open(files_, clock_, kFolder, kTopicId, config_);
    if (!opened.ok()) return std::move(opened).error();
    log_ = std::move(opened).value();
    return {};
  }
  void open() { ASSERT_OK(try_open()); }
  /// As after SIGKILL: all that was written is there, nothing was closed.
  void kill_and_open() { open(); }
  void close_and_open() {
    ASSERT_OK(log_->close());
    open();
  }

  Result<Appended> append_bytes(MutableBytes batch) { return log_->append(batch, kLeaderEpoch); }
  Result<Appended> append(const Texts& values) {
    auto bytes = batch_of(values, clock_.wall_ms());
    return append_bytes(bytes);
  }
  Result<Appended> append_at(int64_t timestamp_ms, const Texts& values) {
    auto bytes = batch_of(values, timestamp_ms);
    return append_bytes(bytes);
  }
  Result<Appended> append_as(int64_t producer, int16_t epoch, int32_t sequence,
                             const Texts& values) {
    wire::RecordBatchBuilder builder;
    for (const auto& value : values) builder.append(clock_.wall_ms(), std::nullopt, value);
    builder.set_producer(producer, epoch, sequence);
    auto bytes = builder.finish();
    return append_bytes(bytes);
  }
  /// Appends and syncs, as for a producer with acks=all. True: acknowledged.
  bool acked(const Texts& values) { return append(values).ok() && log_->sync().ok(); }

  // Up to what is durable, as with flush=always.
  Result<StoredBytes> read(int64_t offset, int64_t max_bytes) {
    return log_->read(offset, max_bytes, log_->durable_end());
  }
  Result<std::optional<TimedOffset>> offset_at(int64_t timestamp_ms) {
    return log_->offset_at(timestamp_ms, log_->durable_end());
  }
  Status enforce_retention() { return log_->enforce_retention(log_->durable_end().offset); }

  /// Every value from `offset` up to what is durable; fails the test where offsets have a gap.
  Texts read_from(int64_t offset, int64_t max_bytes = 1 << 20) {
    Texts values;
    for (;;) {
      const auto stored = read(offset, max_bytes);
      EXPECT_OK(stored);
      if (!stored.ok() || stored->bytes.empty()) return values;
      for (Bytes rest = stored->bytes; !rest.empty();) {
        const auto batch = wire::RecordBatchView::parse(rest);
        EXPECT_OK(batch);
        if (!batch.ok()) return values;
        offset = take(*batch, offset, values);
        rest = rest.subspan(batch->size_bytes());
      }
    }
  }
  Texts read_all() { return read_from(log_->start_offset()); }

  std::string path(int64_t base, std::string_view suffix = file_names::kLog) const {
    return std::string(kFolder) + "/" + file_names::segment_file(base, suffix);
  }
  std::vector<uint8_t>& bytes_of(int64_t base, std::string_view suffix = file_names::kLog) {
    auto* const bytes = files_.contents(path(base, suffix));
    EXPECT_NE(bytes, nullptr) << path(base, suffix);
    return *bytes;
  }
  size_t segment_count() const {
    size_t count = 0;
    for (const auto& [name, bytes] : files_.all_files())
      if (name.ends_with(file_names::kLog)) ++count;
    return count;
  }
  void remove_checkpoint() {
    ASSERT_OK(files_.remove(std::string(kFolder) + "/" + std::string(file_names::kCheckpoint)));
  }

  hailstorm::testing::FaultyFileSystem files_;
  hailstorm::testing::FakeClock clock_;
  wire::TopicConfig config_;
  std::unique_ptr<Log> log_;

 private:
  static int64_t take(const wire::RecordBatchView& batch, int64_t offset, Texts& values) {
    wire::RecordReader records(batch);
    wire::RecordView record;
    while (records.next(record).ok() && record.offset <= batch.last_offset()) {
      if (record.offset >= offset) {
        EXPECT_EQ(record.offset, offset);
        values.emplace_back(*record.value);
        ++offset;
      }
      if (record.offset == batch.last_offset()) break;
    }
    return offset;
  }
};

}  // namespace hailstorm::storage
