#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/compression/codec.h"
#include "common/wire/limits.h"
#include "common/wire/record_view.h"

namespace hailstorm::wire {

/// How a run of bytes fails to be a record batch. `incomplete` alone may be cured by more bytes.
enum class BatchErrc {
  incomplete,
  bad_length,
  bad_magic,
  bad_crc,
  bad_counts,
  unknown_codec,
  control,
  bad_record,
  too_large  // its records, once they are decompressed
};
[[nodiscard]] std::string_view name_of(BatchErrc code);

/// A record batch, seen in place. The bytes must remain live while it is in use.
///
/// Thread safety: const methods only; safe while nobody stamps the bytes.
class RecordBatchView {
 public:
  /// The batch at the front of `bytes`; bytes after it are left alone. Checks bounds, magic,
  /// CRC-32C and that the header's counts agree (no more records than offsets, and than the bytes
  /// may hold; none only in a bare header); decodes no record. Errors: any BatchErrc but bad_record
  /// and too_large; control batches are refused by that name.
  [[nodiscard]] static Result<RecordBatchView> parse(Bytes bytes);
  /// As parse() but without the CRC: for bytes that were checked before.
  [[nodiscard]] static Result<RecordBatchView> parse_unchecked(Bytes bytes);

  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] size_t size_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] int64_t base_offset() const noexcept;
  [[nodiscard]] int64_t last_offset() const noexcept;
  [[nodiscard]] int32_t leader_epoch() const noexcept;
  [[nodiscard]] uint32_t crc() const noexcept;
  [[nodiscard]] int16_t attributes() const noexcept;
  [[nodiscard]] compression::Codec codec() const noexcept;
  [[nodiscard]] int64_t base_timestamp_ms() const noexcept;
  [[nodiscard]] int64_t max_timestamp_ms() const noexcept;
  [[nodiscard]] int64_t producer_id() const noexcept;  // -1: not idempotent
  [[nodiscard]] int16_t producer_epoch() const noexcept;
  [[nodiscard]] int32_t base_sequence() const noexcept;
  [[nodiscard]] int32_t last_sequence() const noexcept;  // wraps INT32_MAX -> 0
  [[nodiscard]] int32_t record_count() const noexcept;
  /// Whether each of its offsets has a record: false once compaction removed one.
  [[nodiscard]] bool is_dense() const noexcept {
    return record_count() == last_offset() - base_offset() + 1;
  }

 private:
  explicit RecordBatchView(Bytes bytes) : bytes_(bytes) {}
  Bytes bytes_;
};

/// Whether `bytes` begins with a whole batch of magic 2 with a true CRC, also of a kind that
/// parse() refuses.
[[nodiscard]] bool is_whole_batch(Bytes bytes);

/// The size of the batch that a header at the front of `start` claims; 0: no header is there, or it
/// claims less than its own size.
[[nodiscard]] size_t claimed_batch_bytes(Bytes start) noexcept;

/// Where a batch lies, also one whose records nobody can decode.
struct BatchPlace {
  size_t size_bytes = 0;
  int64_t first_offset = 0;
  int64_t last_offset = 0;         // at least the first
  bool knows_last_offset = false;  // of magic 2; of another format only the first is known
};
/// Of the batch at the front of `bytes`, of any format. Errors: incomplete, bad_length, bad_counts:
/// nobody can say where the next batch begins.
[[nodiscard]] Result<BatchPlace> place_of_batch(Bytes bytes);

/// When the oldest and the youngest record of a batch were made, and whether each has a key.
struct RecordTimes {
  int64_t oldest_ms = 0;
  int64_t youngest_ms = 0;
  bool have_keys = true;
};

/// What the records of one batch may come to when they are decompressed.
inline constexpr size_t kMaxPlainBytes = kMostMaxBatchBytes;

/// Reads the records of one batch in order. Where the batch says that its broker's time counts
/// (Kafka's LogAppendTime), all of them have that. The batch's bytes must remain live while it is
/// in use; records of a compressed batch are views of the reader's own memory.
///
/// Thread safety: not safe.
class RecordReader {
 public:
  /// Decompresses the records where they are compressed, to kMaxPlainBytes at most.
  explicit RecordReader(const RecordBatchView& batch);
  RecordReader(RecordReader&&) = default;
  RecordReader& operator=(RecordReader&&) = default;

  /// True: `record` holds the next one. False: all were read and the bytes ended exactly there.
  /// Error bad_record: records that cannot be decompressed, a length that lies, an offset that does
  /// not rise or leaves too few for the records after it, a timestamp beyond 64 bits, a record
  /// missing, or bytes left over; says which record and which field. Error too_large: more than
  /// kMaxPlainBytes. After an error next_offset() stays that of the record which cannot be decoded.
  [[nodiscard]] Result<bool> next(RecordView& record);

  /// Takes all that is left as next() does, but keeps nothing and allocates nothing.
  [[nodiscard]] Result<RecordTimes> check_rest();

  /// After the last record that was taken.
  [[nodiscard]] int64_t next_offset() const noexcept { return base_offset_ + taken_offsets_; }

 private:
  template <class Headers>
  [[nodiscard]] const char* take(RecordView& record, const Headers& headers);
  [[nodiscard]] Error error(const char* flaw) const;

  void decompress(compression::Codec codec);

  Bytes rest_;
  compression::Buffer plain_;  // what rest_ is a part of, where the batch is compressed
  Status decompressed_;
  int64_t base_offset_;
  int64_t base_timestamp_ms_;
  std::optional<int64_t> append_time_ms_;  // of all records, where the broker's time counts
  int32_t taken_ = 0;
  int32_t count_;
  int64_t taken_offsets_ = 0;
  int64_t offsets_;  // of the batch: as many as records, or more after compaction
};

/// Whether each record of the batch can be decoded: the broker asks it of what it takes, and
/// `hail verify` of what lies there. It is RecordReader's own walk, so a batch passes here exactly
/// when every reader decodes it. Errors: bad_record, too_large.
[[nodiscard]] Result<RecordTimes> check_records(const RecordBatchView& batch);

/// What the broker writes into a received batch, in place. The CRC does not cover these two fields.
/// REQUIRES: `batch` passed RecordBatchView::parse.
void stamp(MutableBytes batch, int64_t base_offset, int32_t leader_epoch) noexcept;
/// The same for a batch whose producer left this field out; its CRC follows.
void stamp_max_timestamp(MutableBytes batch, int64_t max_timestamp_ms) noexcept;

/// Builds one batch in its own buffer, record by record, without a second copy.
///
/// Thread safety: not safe.
class RecordBatchBuilder {
 public:
  RecordBatchBuilder();

  void append(int64_t timestamp_ms, std::optional<std::string_view> key,
              std::optional<std::string_view> value,
              std::span<const RecordHeaderView> headers = {});

  /// -1, -1, -1 (the default): not idempotent.
  void set_producer(int64_t producer_id, int16_t producer_epoch, int32_t base_sequence) noexcept;

  [[nodiscard]] int32_t record_count() const noexcept { return record_count_; }
  /// What finish() would return now, in bytes.
  [[nodiscard]] size_t size_bytes() const noexcept { return buffer_.size(); }

  /// Fills in the header and the CRC and hands the bytes over; the builder is empty again. The
  /// records are compressed where that makes them smaller. REQUIRES: record_count() > 0.
  [[nodiscard]] std::vector<uint8_t> finish(int64_t base_offset = 0,
                                            compression::Codec codec = compression::Codec::none);

 private:
  void reset();

  std::vector<uint8_t> buffer_;
  int32_t record_count_ = 0;
  int64_t base_timestamp_ms_ = 0;
  int64_t max_timestamp_ms_ = 0;
  int64_t producer_id_ = -1;
  int16_t producer_epoch_ = -1;
  int32_t base_sequence_ = -1;
};

}  // namespace hailstorm::wire
