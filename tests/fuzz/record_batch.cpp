#include "common/wire/record_batch.h"

#include <string>
#include <vector>

#include "common/base/check.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/targets.h"

namespace hailstorm::fuzz {
namespace {

bool inside(Bytes whole, std::string_view part) {
  const auto* begin = reinterpret_cast<const uint8_t*>(part.data());
  return part.empty() ||
         (begin >= whole.data() && begin + part.size() <= whole.data() + whole.size());
}

/// Reads all that is there; every view it is given lies within the bytes.
void read_all(Bytes bytes) {
  auto parsed = wire::RecordBatchView::parse(bytes);
  while (parsed.ok()) {
    const wire::RecordBatchView& batch = *parsed;
    HAIL_CHECK(batch.size_bytes() <= bytes.size());
    HAIL_CHECK(batch.record_count() > 0 &&
               batch.last_offset() - batch.base_offset() + 1 == batch.record_count());
    wire::RecordReader reader(batch);
    wire::RecordView record;
    int32_t count = 0;
    auto more = reader.next(record);
    for (; more.ok() && *more; more = reader.next(record)) {
      HAIL_CHECK(record.offset == batch.base_offset() + count);
      ++count;
      HAIL_CHECK(inside(batch.bytes(), record.key.value_or("")));
      HAIL_CHECK(inside(batch.bytes(), record.value.value_or("")));
      for (const auto& header : record.headers) {
        HAIL_CHECK(inside(batch.bytes(), header.key));
        HAIL_CHECK(inside(batch.bytes(), header.value.value_or("")));
      }
    }
    HAIL_CHECK(!more.ok() || count == batch.record_count());
    HAIL_CHECK(wire::check_records(batch).ok() == more.ok());
    bytes = bytes.subspan(batch.size_bytes());
    parsed = wire::RecordBatchView::parse(bytes);
  }
}

}  // namespace

void record_batch(Bytes input) {
  read_all(input);
  std::vector<uint8_t> plausible(input.begin(), input.end());
  make_batch_plausible(plausible);
  read_all(plausible);
}

}  // namespace hailstorm::fuzz
