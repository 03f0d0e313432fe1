#include "common/wire/record_batch.h"

#include <string>
#include <utility>
#include <vector>

#include "broker/storage/batch_check.h"
#include "broker/storage/log.h"
#include "common/base/check.h"
#include "common/wire/record_batch_format.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/reference_batch.h"
#include "tests/fuzz/targets.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"

namespace hailstorm::fuzz {
namespace {

namespace format = wire::batch_format;

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
    HAIL_CHECK(batch.record_count() >= 0 &&
               batch.last_offset() - batch.base_offset() + 1 >= batch.record_count());
    wire::RecordReader reader(batch);
    wire::RecordView record;
    int32_t count = 0;
    int64_t next_offset = batch.base_offset();
    auto more = reader.next(record);
    for (; more.ok() && *more; more = reader.next(record)) {
      HAIL_CHECK(record.offset >= next_offset && record.offset <= batch.last_offset());
      HAIL_CHECK(!batch.is_dense() || record.offset == next_offset);
      next_offset = record.offset + 1;
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

int32_t count_of_records(const wire::RecordBatchView& batch) {
  wire::RecordReader reader(batch);
  wire::RecordView record;
  int32_t count = 0;
  for (auto more = reader.next(record); more.ok() && *more; more = reader.next(record)) ++count;
  return count;
}

/// The broker takes a batch exactly when every reader decodes it and it does not contradict itself.
void offer_to_broker(std::vector<uint8_t> bytes) {
  if (bytes.size() < format::kHeaderBytes) return;
  // What the broker knows of producers and offsets is not what this is about.
  put_be(bytes.data() + format::kBaseOffset, int64_t{0});
  put_be(bytes.data() + format::kProducerId, int64_t{-1});
  put_be(bytes.data() + format::kProducerEpoch, int16_t{-1});
  put_be(bytes.data() + format::kBaseSequence, int32_t{-1});
  make_batch_plausible(bytes);
  const testing::FakeClock clock;
  const auto batch = wire::RecordBatchView::parse(bytes);
  // The second reading of Kafka's format knows no compression.
  if (batch.ok() && batch->codec() != compression::Codec::none) return;
  bool is_sound = false;
  if (batch.ok()) {
    const auto times = ReferenceReader(*batch).read();
    HAIL_CHECK(wire::check_records(*batch).ok() == times.has_value());
    HAIL_CHECK((count_of_records(*batch) == batch->record_count()) == times.has_value());
    const int64_t youngest_ms = batch->max_timestamp_ms();
    is_sound = times && batch->is_dense() && batch->attributes() == 0 &&
               batch->base_timestamp_ms() >= 0 && batch->base_timestamp_ms() <= youngest_ms &&
               times->oldest_ms >= 0 && times->youngest_ms == youngest_ms &&
               youngest_ms <= clock.wall_ms() + storage::kTimestampAheadMaxMs;
  }
  testing::FaultyFileSystem files;
  auto log = storage::Log::open(files, clock, "/rides-0", {}, {});
  HAIL_CHECK(log.ok());
  HAIL_CHECK((*log)->append(bytes, storage::kLeaderEpoch).ok() == is_sound);
}

}  // namespace

void record_batch(Bytes input) {
  read_all(input);
  std::vector<uint8_t> plausible(input.begin(), input.end());
  make_batch_plausible(plausible);
  read_all(plausible);
  offer_to_broker(std::move(plausible));
}

}  // namespace hailstorm::fuzz
