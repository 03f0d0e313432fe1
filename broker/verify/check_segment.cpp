#include "broker/verify/check_segment.h"

#include <array>

#include "broker/storage/file_names.h"
#include "broker/storage/segment_walk.h"
#include "broker/verify/check_indexes.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::verify {
namespace {

namespace file_names = storage::file_names;

constexpr size_t kBadBytesShown = 20;

Result<int64_t> offset_at(storage::File& file, uint64_t position) {
  std::array<uint8_t, wire::batch_format::kHeaderBytes> header{};
  HAIL_ASSIGN_OR_RETURN(const size_t got, file.read_at(position, header));
  const auto parsed = storage::parse_header(Bytes(header.data(), got));
  return parsed ? parsed->base_offset : 0;
}

}  // namespace

Result<SegmentScan> scan_segment(storage::FileSystem& files, const std::string& folder,
                                 int64_t base_offset, bool is_last) {
  const std::string path = folder + "/" + file_names::segment_file(base_offset, file_names::kLog);
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, storage::FileSystem::Mode::read));
  SegmentScan scan;
  scan.base_offset = scan.end_offset = base_offset;
  HAIL_ASSIGN_OR_RETURN(scan.size_bytes, file->size());
  IndexCheck indexes(files, folder, base_offset);
  const auto note_bad = [&](BadBytes bad) {
    if (scan.bad.size() < kBadBytesShown) {
      scan.bad.push_back(std::move(bad));
    } else {
      scan.has_more_bad = true;
    }
  };
  uint64_t position = 0;
  const auto visit = [&](const wire::RecordBatchView& batch, const storage::BatchHeader& header) {
    ++scan.batches;
    indexes.visit(header, position);
    const uint64_t end = position + header.size_bytes;
    if (const auto records = wire::check_records(batch); !records.ok())
      note_bad({position, end, records.error().message(), true});
    position = end;
  };
  while (true) {
    HAIL_ASSIGN_OR_RETURN(
        const storage::SegmentWalk walk,
        storage::walk_segment(*file, scan.size_bytes, scan.end_offset, visit, position));
    scan.end_offset = walk.end_offset;
    if (walk.why.empty()) break;
    HAIL_ASSIGN_OR_RETURN(
        const auto next,
        storage::find_batch_after(*file, scan.size_bytes, walk.good_bytes, walk.end_offset));
    note_bad({walk.good_bytes, next, walk.why});
    if (!next) break;
    position = *next;
    HAIL_ASSIGN_OR_RETURN(scan.end_offset, offset_at(*file, position));
  }
  if (scan.bad.empty()) scan.of_indexes = indexes.finish(is_last);
  return scan;
}

}  // namespace hailstorm::verify
