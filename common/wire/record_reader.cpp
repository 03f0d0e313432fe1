#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "common/compression/compress.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "common/wire/varint.h"

namespace hailstorm::wire {
namespace {

/// What is wrong with a record, for people; null: nothing.
using Flaw = const char*;
constexpr Flaw kBytesLeft = "bytes are left after them";

/// Takes `size` bytes. False, and nothing taken: there are fewer, or it is negative.
bool take_text(ByteCursor& from, int32_t size, std::string_view& into) {
  if (size < 0 || static_cast<size_t>(size) > from.left()) return false;
  into = as_text({from.at, static_cast<size_t>(size)});
  from.at += size;
  return true;
}

/// A length and as many bytes; length -1 is null. False: cut short, or another negative length.
bool take_nullable(ByteCursor& from, std::optional<std::string_view>& into) {
  int32_t size = 0;
  if (!take_varint32(from, size)) return false;
  if (size == -1) {
    into.reset();
    return true;
  }
  return take_text(from, size, into.emplace());
}

/// Where a record's headers go that somebody reads.
struct KeptHeaders {
  std::vector<RecordHeaderView>& all;

  void expect(size_t count) const { all.resize(count); }
  void put(size_t at, std::string_view key, std::optional<std::string_view> value) const {
    all[at] = {key, value};
  }
};

/// The same where nobody does: nothing is allocated.
struct CheckedHeaders {
  void expect(size_t) const {}
  void put(size_t, std::string_view, std::optional<std::string_view>) const {}
};

template <class Headers>
Flaw take_headers(ByteCursor& body, const Headers& headers) {
  int32_t count = 0;
  // A header takes two bytes at least, so that a lying count reserves nothing.
  if (!take_varint32(body, count) || count < 0 || static_cast<size_t>(count) > body.left() / 2)
    return "the count of headers is not true";
  headers.expect(static_cast<size_t>(count));
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  for (int32_t i = 0; i < count; ++i) {
    if (!take_nullable(body, key) || !key) return "the length of a header's key is not true";
    if (!take_nullable(body, value)) return "the length of a header's value is not true";
    headers.put(static_cast<size_t>(i), *key, value);
  }
  return nullptr;
}

}  // namespace

RecordReader::RecordReader(const RecordBatchView& batch)
    : rest_(batch.bytes().subspan(batch_format::kHeaderBytes)),
      base_offset_(batch.base_offset()),
      base_timestamp_ms_(batch.base_timestamp_ms()),
      count_(batch.record_count()),
      offsets_(batch.last_offset() - batch.base_offset() + 1) {
  if ((batch.attributes() & batch_format::kTimestampTypeMask) != 0)
    append_time_ms_ = batch.max_timestamp_ms();
  if (batch.codec() != compression::Codec::none) decompress(batch.codec());
}

void RecordReader::decompress(compression::Codec codec) {
  const Status done = compression::decompress(codec, rest_, kMaxPlainBytes, plain_);
  rest_ = done.ok() ? Bytes(plain_) : Bytes();
  if (done.ok()) return;
  const bool is_too_large = done.error().is(compression::CompressionErrc::too_large);
  decompressed_ = Error(is_too_large ? BatchErrc::too_large : BatchErrc::bad_record,
                        "the records of the batch: " + done.error().message());
}

/// The one place that knows how a record is laid out.
template <class Headers>
const char* RecordReader::take(RecordView& record, const Headers& headers) {
  ByteCursor rest(rest_);
  int32_t size = 0;
  std::string_view text;
  if (!take_varint32(rest, size) || !take_text(rest, size, text)) return "its length is not true";
  ByteCursor body(as_bytes(text));
  if (body.empty()) return "its attributes are missing";
  ++body.at;  // which Kafka does not use
  int64_t timestamp_delta = 0;
  if (!take_varint(body, timestamp_delta)) return "its timestamp delta is not a number of 64 bits";
  if (append_time_ms_) {
    record.timestamp_ms = *append_time_ms_;
  } else if (__builtin_add_overflow(base_timestamp_ms_, timestamp_delta, &record.timestamp_ms)) {
    return "its timestamp is beyond 64 bits";
  }
  // A delta of another record would show two records at one offset.
  int32_t offset_delta = 0;
  if (!take_varint32(body, offset_delta) || offset_delta < taken_offsets_ ||
      offset_delta > offsets_ - (count_ - taken_))
    return "its offset delta is not that of its place";
  record.offset = base_offset_ + offset_delta;
  if (!take_nullable(body, record.key)) return "the key's length is not true";
  if (!take_nullable(body, record.value)) return "the value's length is not true";
  if (const Flaw flaw = take_headers(body, headers)) return flaw;
  if (!body.empty()) return "its length is larger than its fields";
  // With the last record, so that it is not given out and doubted afterwards.
  if (taken_ + 1 == count_ && !rest.empty()) return kBytesLeft;
  rest_ = rest_.last(rest.left());
  ++taken_;
  taken_offsets_ = offset_delta + 1;
  return nullptr;
}

Error RecordReader::error(const char* flaw) const {
  if (!decompressed_.ok()) return decompressed_.error();
  if (rest_.empty())
    return {BatchErrc::bad_record,
            fmt::format("record batch claims {} records and holds {}", count_, taken_)};
  if (flaw == kBytesLeft)
    return {BatchErrc::bad_record,
            fmt::format("record batch claims {} records, but {}", count_, flaw)};
  return {BatchErrc::bad_record, fmt::format("record {} of {} in the batch cannot be decoded: {}",
                                             taken_ + 1, count_, flaw)};
}

Result<bool> RecordReader::next(RecordView& record) {
  if (taken_ == count_) return false;
  if (const Flaw flaw = take(record, KeptHeaders{record.headers})) return error(flaw);
  return true;
}

Result<RecordTimes> RecordReader::check_rest() {
  RecordTimes times{std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), true};
  RecordView record;
  while (taken_ < count_) {
    if (const Flaw flaw = take(record, CheckedHeaders{})) return error(flaw);
    times.oldest_ms = std::min(times.oldest_ms, record.timestamp_ms);
    times.youngest_ms = std::max(times.youngest_ms, record.timestamp_ms);
    times.have_keys = times.have_keys && record.key.has_value();
  }
  return times;
}

Result<RecordTimes> check_records(const RecordBatchView& batch) {
  return RecordReader(batch).check_rest();
}

}  // namespace hailstorm::wire
