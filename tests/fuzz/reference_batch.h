#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::fuzz {

/// Reads the records of a batch a second time, straight from Kafka's description and without any
/// of the product's code: what the broker's check and our readers are compared with.
///
/// Thread safety: not safe.
class ReferenceReader {
 public:
  explicit ReferenceReader(const wire::RecordBatchView& batch)
      : bytes_(batch.bytes()),
        count_(batch.record_count()),
        offset_count_(batch.last_offset() - batch.base_offset() + 1),
        base_timestamp_ms_(batch.base_timestamp_ms()),
        has_append_time_((batch.attributes() & 0x08) != 0),
        append_time_ms_(batch.max_timestamp_ms()) {}

  /// Nothing: some record cannot be decoded.
  std::optional<wire::RecordTimes> read() {
    for (int32_t i = 0; i < count_; ++i) {
      if (!read_record(i)) return std::nullopt;
    }
    if (at_ != bytes_.size()) return std::nullopt;
    return times_;
  }

 private:
  bool read_record(int32_t number) {
    const auto length = number_of(5);
    if (!length || *length < 1 || static_cast<size_t>(*length) > bytes_.size() - at_) return false;
    end_ = at_ + static_cast<size_t>(*length);
    ++at_;  // attributes
    const auto timestamp_delta = number_of(10, end_);
    if (!timestamp_delta || !note_time(*timestamp_delta)) return false;
    const auto offset_delta = number_of(5, end_);
    // A record that compaction kept may be further on, with room for those after it.
    if (!offset_delta || *offset_delta <= last_delta_ || *offset_delta < number) return false;
    if (*offset_delta + (count_ - number) > offset_count_) return false;
    last_delta_ = *offset_delta;
    if (!skip_text(true) || !skip_text(true)) return false;
    const auto headers = number_of(5, end_);
    if (!headers || *headers < 0) return false;
    for (int64_t i = 0; i < *headers; ++i) {
      if (!skip_text(false) || !skip_text(true)) return false;
    }
    return at_ == end_;
  }

  bool note_time(int64_t delta) {
    int64_t time_ms = append_time_ms_;
    if (!has_append_time_) {
      const auto max = std::numeric_limits<int64_t>::max();
      const auto min = std::numeric_limits<int64_t>::min();
      if (delta > 0 && base_timestamp_ms_ > max - delta) return false;
      if (delta < 0 && base_timestamp_ms_ < min - delta) return false;
      time_ms = base_timestamp_ms_ + delta;
    }
    times_.oldest_ms = std::min(times_.oldest_ms, time_ms);
    times_.youngest_ms = std::max(times_.youngest_ms, time_ms);
    return true;
  }

  bool skip_text(bool may_be_null) {
    const auto length = number_of(5, end_);
    if (!length || *length < -1 || (*length == -1 && !may_be_null)) return false;
    if (*length == -1) return true;
    if (static_cast<size_t>(*length) > end_ - at_) return false;
    at_ += static_cast<size_t>(*length);
    return true;
  }

  std::optional<int64_t> number_of(size_t max_bytes) { return number_of(max_bytes, bytes_.size()); }

  /// Of 32 bits where it has five bytes at most, of 64 where it has ten.
  std::optional<int64_t> number_of(size_t max_bytes, size_t end) {
    uint64_t bits = 0;
    for (size_t n = 0;; ++n) {
      if (n == max_bytes || at_ == end) return std::nullopt;
      const uint8_t byte = bytes_[at_++];
      if (n == 9 && byte > 1) return std::nullopt;
      bits += static_cast<uint64_t>(byte % 128) << (7 * n);
      if (byte < 128) break;
    }
    if (max_bytes == 5 && bits > std::numeric_limits<uint32_t>::max()) return std::nullopt;
    const auto half = static_cast<int64_t>(bits / 2);
    return bits % 2 == 0 ? half : -half - 1;
  }

  Bytes bytes_;
  size_t at_ = wire::batch_format::kHeaderBytes;
  size_t end_ = 0;  // of the record that is read
  int32_t count_;
  int64_t offset_count_;
  int64_t last_delta_ = -1;
  int64_t base_timestamp_ms_;
  bool has_append_time_;
  int64_t append_time_ms_;
  wire::RecordTimes times_{std::numeric_limits<int64_t>::max(),
                           std::numeric_limits<int64_t>::min()};
};

}  // namespace hailstorm::fuzz
