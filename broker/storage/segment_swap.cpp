#include "broker/storage/segment_swap.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <vector>

#include "broker/storage/file_names.h"
#include "broker/storage/segment_walk.h"
#include "broker/storage/whole_file.h"
#include "common/base/logging.h"
#include "common/wire/crc32c.h"

namespace hailstorm::storage {
namespace {

constexpr std::string_view kSwapTitle = "hailstorm-segment-swap";

std::string swap_path(const std::string& folder) {
  return folder + "/" + std::string(file_names::kSegmentSwap);
}

std::string render(const SegmentSwap& swap) {
  const auto& [base, end, bytes, max_timestamp_ms] = swap.segment;
  const std::string line = fmt::format("{} 1 {} {} {} {} {}", kSwapTitle, swap.partition, base, end,
                                       bytes, max_timestamp_ms);
  return line + fmt::format(" crc {:08x}\n", wire::crc32c(as_bytes(line)));
}

Status remove_if_there(FileSystem& files, const std::string& path) {
  return files.exists(path) ? files.remove(path) : Status();
}

/// What the next recovery would take for a part of the log, or what it would not trust: the other
/// segments in the range of the new one, and indexes of all of them.
Result<std::vector<std::string>> names_replaced(FileSystem& files, const std::string& folder,
                                                const SegmentExtent& segment) {
  HAIL_ASSIGN_OR_RETURN(const auto names, files.list(folder));
  std::vector<std::string> replaced;
  for (const auto& name : names) {
    for (const auto suffix : {file_names::kLog, file_names::kOffsetIndex, file_names::kTimeIndex}) {
      const auto base = file_names::parse_segment_file(name, suffix);
      if (base && *base > segment.base_offset && *base < segment.end_offset)
        replaced.push_back(name);
    }
  }
  return replaced;
}

/// Whether this file is all of the new segment. Errors: io.
Result<bool> is_whole(FileSystem& files, const std::string& path, const SegmentExtent& segment) {
  if (!files.exists(path)) return false;
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, FileSystem::Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  if (size != segment.size_bytes) return false;
  HAIL_ASSIGN_OR_RETURN(const SegmentWalk walk,
                        walk_segment(*file, size, segment.base_offset,
                                     [](const wire::RecordBatchView&, const BatchHeader&) {}));
  return walk.why.empty() && walk.end_offset == segment.end_offset;
}

/// The checkpoint with the new segment in the place of the old ones. One that ends among these
/// lacks producers of the rest, and is dropped: the whole log is walked then.
Status bring_up_to_date(FileSystem& files, const std::string& folder, const SegmentExtent& segment,
                        std::optional<Checkpoint>& checkpoint) {
  if (!checkpoint) return {};
  if (checkpoint->end_offset <= segment.end_offset) {
    checkpoint.reset();
    return remove_if_there(files, folder + "/" + std::string(file_names::kCheckpoint));
  }
  const auto is_replaced = [&](const Checkpoint::SegmentEntry& entry) {
    return entry.base_offset >= segment.base_offset && entry.base_offset < segment.end_offset;
  };
  auto& entries = checkpoint->segments;
  const auto first = std::find_if(entries.begin(), entries.end(), is_replaced);
  if (first == entries.end()) return {};
  const auto place = first - entries.begin();
  std::erase_if(entries, is_replaced);
  entries.insert(entries.begin() + place,
                 {segment.base_offset, segment.size_bytes, segment.max_timestamp_ms});
  return replace_file(files, folder, file_names::kCheckpoint, as_bytes(encode(*checkpoint)));
}

Status forget_point(FileSystem& files, const std::string& folder, const SegmentExtent& segment,
                    std::optional<RecoveryPoint>& point) {
  if (!point || point->segment_base < segment.base_offset ||
      point->segment_base >= segment.end_offset)
    return {};
  point.reset();  // every segment before the growing one is durable
  return remove_if_there(files, folder + "/" + std::string(file_names::kRecoveryPoint));
}

}  // namespace

std::string path_aside(const std::string& folder, int64_t base_offset) {
  return folder + "/" + file_names::segment_file(base_offset, file_names::kLog) +
         std::string(file_names::kTemporary);
}

Status write_segment_swap(FileSystem& files, const std::string& folder, const SegmentSwap& swap) {
  HAIL_RETURN_IF_ERROR(files.sync_folder(folder));
  return replace_file(files, folder, file_names::kSegmentSwap, as_bytes(render(swap)));
}

Result<std::optional<SegmentSwap>> read_segment_swap(FileSystem& files, const std::string& folder) {
  const std::string path = swap_path(folder);
  if (!files.exists(path)) return std::optional<SegmentSwap>();
  HAIL_ASSIGN_OR_RETURN(const auto bytes, read_file(files, path));
  std::istringstream fields{std::string(as_text(bytes))};
  std::string title;
  int format = 0;
  SegmentSwap swap;
  auto& [base, end, size, max_timestamp_ms] = swap.segment;
  fields >> title >> format >> swap.partition >> base >> end >> size >> max_timestamp_ms;
  if (fields && render(swap) == as_text(bytes) && swap.partition == file_names::last_part(folder) &&
      base >= 0 && base < end)
    return std::optional<SegmentSwap>(std::move(swap));
  return Error(StorageErrc::corrupt,
               fmt::format("{} is damaged at byte 0: it has not its CRC, so nobody knows which "
                           "segments were being compacted; nothing was changed. Restore the folder "
                           "from a copy or delete the topic",
                           path));
}

Status end_segment_swap(FileSystem& files, const std::string& folder, const SegmentSwap& swap) {
  HAIL_ASSIGN_OR_RETURN(const auto replaced, names_replaced(files, folder, swap.segment));
  for (const auto& name : replaced) HAIL_RETURN_IF_ERROR(files.remove(folder + "/" + name));
  HAIL_RETURN_IF_ERROR(files.sync_folder(folder));
  HAIL_RETURN_IF_ERROR(remove_if_there(files, swap_path(folder)));
  return files.sync_folder(folder);
}

Status cancel_segment_swap(FileSystem& files, const std::string& folder) {
  HAIL_RETURN_IF_ERROR(remove_if_there(files, swap_path(folder)));
  return files.sync_folder(folder);
}

Status finish_segment_swap(FileSystem& files, const std::string& folder, FolderMarks& marks) {
  HAIL_ASSIGN_OR_RETURN(const auto swap, read_segment_swap(files, folder));
  if (!swap) return {};
  const SegmentExtent& segment = swap->segment;
  const std::string aside = path_aside(folder, segment.base_offset);
  const std::string path =
      folder + "/" + file_names::segment_file(segment.base_offset, file_names::kLog);
  const bool is_aside = files.exists(aside);
  HAIL_ASSIGN_OR_RETURN(const bool is_good, is_whole(files, is_aside ? aside : path, segment));
  if (!is_good) {
    log_warn("drops a compacted segment that is not whole", {distinct_by({"file", path})});
    return cancel_segment_swap(files, folder);
  }
  if (is_aside) HAIL_RETURN_IF_ERROR(files.rename(aside, path));
  for (const auto suffix : {file_names::kOffsetIndex, file_names::kTimeIndex})
    HAIL_RETURN_IF_ERROR(remove_if_there(
        files, folder + "/" + file_names::segment_file(segment.base_offset, suffix)));
  HAIL_RETURN_IF_ERROR(files.sync_folder(folder));
  HAIL_RETURN_IF_ERROR(bring_up_to_date(files, folder, segment, marks.checkpoint));
  HAIL_RETURN_IF_ERROR(forget_point(files, folder, segment, marks.point));
  log_info("finished a compaction that was cut short",
           {{"folder", folder}, {"from_offset", segment.base_offset}});
  return end_segment_swap(files, folder, *swap);
}

}  // namespace hailstorm::storage
