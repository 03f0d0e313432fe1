#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/crc32c.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "common/wire/varint.h"

/// Batches with a right CRC that lie about what is inside them, as a client of somebody else may
/// send them.
namespace hailstorm::testing {

inline std::string varint(int64_t value) {
  std::string bytes(wire::varint_bytes(value), '\0');
  wire::put_varint(reinterpret_cast<uint8_t*>(bytes.data()), value);
  return bytes;
}

/// The same number in more bytes than it needs.
inline std::string long_varint(int64_t value, size_t size) {
  std::string bytes = varint(value);
  while (bytes.size() < size) {
    bytes.back() = static_cast<char>(bytes.back() | '\x80');
    bytes += '\0';
  }
  return bytes;
}

/// The fields of one record as they lie in the batch, true ones unless a test says otherwise.
struct RecordFields {
  std::optional<std::string> length{};
  std::string attributes{"\0", 1};
  std::string timestamp_delta = varint(0);
  std::string offset_delta{};
  std::string key_length = varint(3);
  std::string key = "key";
  std::string value_length = varint(5);
  std::string value = "value";
  std::string header_count = varint(1);
  std::string headers = varint(1) + "h" + varint(2) + "hv";
  std::string rest{};

  [[nodiscard]] std::string bytes() const {
    const std::string body = attributes + timestamp_delta + offset_delta + key_length + key +
                             value_length + value + header_count + headers + rest;
    return length.value_or(varint(static_cast<int64_t>(body.size()))) + body;
  }
};

inline void set_true_crc(std::vector<uint8_t>& batch) {
  put_be(batch.data() + wire::batch_format::kCrc,
         wire::crc32c(Bytes(batch).subspan(wire::batch_format::kAttributes)));
}

/// A batch whose header and CRC are right for these bytes of records.
inline std::vector<uint8_t> batch_of_bytes(const std::string& records, int32_t count,
                                           int64_t timestamp_ms = 1'000) {
  namespace format = wire::batch_format;
  wire::RecordBatchBuilder builder;
  builder.append(timestamp_ms, std::nullopt, std::nullopt);
  std::vector<uint8_t> batch = builder.finish();
  batch.resize(format::kHeaderBytes);
  batch.insert(batch.end(), records.begin(), records.end());
  put_be(batch.data() + format::kBatchLength,
         static_cast<int32_t>(batch.size() - format::kLengthOverhead));
  put_be(batch.data() + format::kLastOffsetDelta, count - 1);
  put_be(batch.data() + format::kRecordCount, count);
  set_true_crc(batch);
  return batch;
}

/// Three records of which the second is `second`.
inline std::vector<uint8_t> batch_around(RecordFields second, int64_t timestamp_ms = 1'000) {
  RecordFields first;
  first.offset_delta = varint(0);
  if (second.offset_delta.empty()) second.offset_delta = varint(1);
  RecordFields third;
  third.offset_delta = varint(2);
  return batch_of_bytes(first.bytes() + second.bytes() + third.bytes(), 3, timestamp_ms);
}

struct Lie {
  const char* what;
  RecordFields record;
  const char* said;  // in the error
};

/// Second records that no reader can decode.
inline std::vector<Lie> lies() {
  const char* const length = "its length is not true";
  const char* const offset = "its offset delta is not that of its place";
  const char* const key = "the key's length is not true";
  const char* const value = "the value's length is not true";
  const char* const count = "the count of headers is not true";
  const int64_t far = int64_t{1} << 40;
  const std::string endless(11, '\xff');
  return {
      {"a length beyond the batch", {.length = varint(10'000)}, length},
      {"a length beyond 31 bits", {.length = varint(far)}, length},
      {"a negative length", {.length = varint(-1)}, length},
      {"a length of six bytes", {.length = long_varint(20, 6)}, length},
      {"a length of five bytes with 35 bits", {.length = "\xff\xff\xff\xff\x7f"}, length},
      {"a length without an end", {.length = endless}, length},
      {"a length of nothing", {.length = varint(0)}, "its attributes are missing"},
      {"a length of too little", {.length = varint(12)}, "not true"},
      {"a timestamp delta without an end", {.timestamp_delta = endless}, "its timestamp delta"},
      {"a timestamp delta of 65 bits",
       {.timestamp_delta = std::string(9, '\xff') + '\x02'},
       "its timestamp delta"},
      {"a timestamp beyond 64 bits", {.timestamp_delta = varint(INT64_MAX)}, "its timestamp is"},
      {"the offset delta before", {.offset_delta = varint(0)}, offset},
      {"the offset delta after", {.offset_delta = varint(2)}, offset},
      {"a negative offset delta", {.offset_delta = varint(-1)}, offset},
      {"an offset delta that is 1 in 32 bits", {.offset_delta = varint(far + 1)}, offset},
      {"an offset delta of six bytes", {.offset_delta = long_varint(1, 6)}, offset},
      {"a key beyond its record", {.key_length = varint(100)}, key},
      {"a key of length -2", {.key_length = varint(-2)}, key},
      {"a key of six bytes' length", {.key_length = long_varint(3, 6)}, key},
      {"a value beyond its record", {.value_length = varint(100)}, value},
      {"a value of length -2", {.value_length = varint(-2)}, value},
      {"a value of 2^31 bytes", {.value_length = varint(int64_t{1} << 31)}, value},
      {"more headers than there are", {.header_count = varint(2)}, "a header's key"},
      {"a million headers", {.header_count = varint(1'000'000)}, count},
      {"a negative count of headers", {.header_count = varint(-1)}, count},
      {"a header without a key", {.headers = varint(-1) + varint(2) + "hv"}, "a header's key"},
      {"a header's key beyond it",
       {.headers = varint(50) + "h" + varint(2) + "hv"},
       "a header's key"},
      {"a header's value beyond it",
       {.headers = varint(1) + "h" + varint(50) + "hv"},
       "a header's value"},
      {"a header's value of length -2",
       {.headers = varint(1) + "h" + varint(-2) + "hv"},
       "a header's value"},
      {"bytes after the last header", {.rest = "x"}, "its length is larger than its fields"},
      {"no header but a header's bytes",
       {.header_count = varint(0)},
       "its length is larger than its fields"},
  };
}

/// Writes a batch to the end of a partition's log as an older broker did, which looked at less.
/// Gives its offset. REQUIRES: no broker runs there, and the partition has one segment.
inline int64_t append_unchecked(const std::filesystem::path& partition,
                                std::vector<uint8_t> batch) {
  const auto segment = partition / "00000000000000000000.log";
  std::ifstream in(segment, std::ios::binary);
  const std::string log((std::istreambuf_iterator<char>(in)), {});
  int64_t end = 0;
  for (Bytes rest = as_bytes(log); !rest.empty();) {
    const auto place = wire::place_of_batch(rest);
    if (!place.ok()) return -1;
    end = place->last_offset + 1;
    rest = rest.subspan(place->size_bytes);
  }
  wire::stamp(batch, end, 0);
  std::ofstream(segment, std::ios::binary | std::ios::app) << as_text(batch);
  return end;
}

}  // namespace hailstorm::testing
