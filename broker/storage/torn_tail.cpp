#include "broker/storage/torn_tail.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "broker/storage/whole_file.h"
#include "common/wire/record_batch_format.h"

namespace hailstorm::storage {
namespace {

constexpr uint64_t kSectorBytes = 512;

/// Whether a power cut explains why no batch stands at `from` although one stands at `next_batch`:
/// of appended sectors, those that did not reach the disk before others did read as zeros.
/// `expected` is the offset that comes next at `from`.
Result<bool> has_lost_sector(File& file, uint64_t from, uint64_t next_batch, int64_t expected) {
  std::vector<uint8_t> start(wire::batch_format::kHeaderBytes);  // as a whole batch would begin
  put_be(start.data() + wire::batch_format::kBaseOffset, expected);
  start[wire::batch_format::kBatchLength + 3] = 1;  // not zero; which bytes of it is not known
  FileWindow window(file, kSectorBytes);
  for (uint64_t position = from; position < next_batch;) {
    const uint64_t end = (position / kSectorBytes + 1) * kSectorBytes;
    if (end > next_batch) break;  // this sector did arrive
    HAIL_ASSIGN_OR_RETURN(const Bytes bytes,
                          window.at(position, static_cast<size_t>(end - position)));
    const auto is_zero = [](uint8_t byte) { return byte == 0; };
    const auto count = static_cast<std::ptrdiff_t>(std::min(bytes.size(), start.size()));
    const bool would_be_zero =
        position == from && std::all_of(start.begin(), start.begin() + count, is_zero);
    if (!would_be_zero && std::all_of(bytes.begin(), bytes.end(), is_zero)) return true;
    position = end;
  }
  return false;
}

}  // namespace

Error damaged_at(const std::string& path, uint64_t byte, const std::string& why) {
  return Error(StorageErrc::corrupt,
               fmt::format("{} is damaged at byte {}: {}; nothing was changed. Look at it with "
                           "'hail dump', then restore the folder from a copy or delete the topic",
                           path, byte, why));
}

Status check_torn_tail(File& file, const std::string& path, uint64_t file_size,
                       const SegmentWalk& walk) {
  HAIL_ASSIGN_OR_RETURN(const auto next_batch,
                        find_batch_after(file, file_size, walk.good_bytes, walk.end_offset));
  if (!next_batch) return {};
  HAIL_ASSIGN_OR_RETURN(const bool is_lost,
                        has_lost_sector(file, walk.good_bytes, *next_batch, walk.end_offset));
  if (is_lost) return {};
  return damaged_at(path, walk.good_bytes,
                    fmt::format("{}, and a whole batch follows at byte {}", walk.why, *next_batch));
}

}  // namespace hailstorm::storage
