#include "broker/storage/folder_marks.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "broker/storage/file_names.h"
#include "broker/storage/segment_walk.h"

namespace hailstorm::storage {
namespace {

Error not_this_one(const std::string& folder, const std::string& found) {
  return {StorageErrc::corrupt,
          fmt::format("{} holds {}, so the folder was moved or copied here; nothing was changed. "
                      "Put the right folder in its place or delete the topic. To serve what is in "
                      "this one under this name, {}",
                      folder, found, kHowToTakeAsItIs)};
}

Error partition_file_is_missing(const std::string& folder) {
  return {StorageErrc::corrupt,
          fmt::format("{}/{} is missing, so nobody knows where the log starts; nothing was "
                      "changed. Restore it from a copy or delete the topic. To go on with the "
                      "segments that are there, {}",
                      folder, file_names::kPartition, kHowToTakeAsItIs)};
}

Status check_owner(const std::string& folder, const PartitionFile::Owner& owner,
                   const Uuid& topic_id) {
  if (owner.name != file_names::last_part(folder))
    return not_this_one(folder, "partition " + owner.name);
  if (owner.topic_id.is_zero() || topic_id.is_zero() || owner.topic_id == topic_id) return {};
  return not_this_one(
      folder, fmt::format("partition {} of another topic of that name (its id is {}, not {})",
                          owner.name, owner.topic_id.text(), topic_id.text()));
}

/// Without that file the log's start is not known, so this must be a log that never had the file.
Status check_without_partition_file(const std::string& folder, const FolderMarks& marks) {
  const std::string name = file_names::last_part(folder);
  const auto& checkpoint = marks.checkpoint;
  const auto& point = marks.point;
  if (checkpoint && checkpoint->partition != name)
    return not_this_one(folder, "partition " + checkpoint->partition);
  if (point && point->partition != name)
    return not_this_one(folder, "partition " + point->partition);
  const bool had_one = (checkpoint && checkpoint->format > 3) || (point && point->end_offset >= 0);
  return had_one ? partition_file_is_missing(folder) : Status();
}

/// The least offset that the log must reach; -1: not known.
int64_t known_end(const FolderMarks& marks) {
  return std::max(marks.point ? marks.point->end_offset : -1,
                  marks.checkpoint ? marks.checkpoint->end_offset : -1);
}

/// For segments missing at the start or the end of a log: without them the others are still a log.
Error missing_at_an_end(const std::string& folder, int64_t from, int64_t to, bool is_more,
                        const std::string& why) {
  const Error missing = missing_offsets(folder, from, to, is_more, why);
  return {StorageErrc::corrupt, fmt::format("{}. To go on without these records, {}",
                                            missing.message(), kHowToTakeAsItIs)};
}

/// Where the segment's whole batches end.
Result<int64_t> end_of(FileSystem& files, const std::string& path, int64_t base) {
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, FileSystem::Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  HAIL_ASSIGN_OR_RETURN(
      const SegmentWalk walk,
      walk_segment(*file, size, base, [](const wire::RecordBatchView&, const BatchHeader&) {}));
  return walk.end_offset;
}

/// Looks for missing first segments. Those that end before the start were to be removed.
Status check_start(const std::string& folder, const std::vector<int64_t>& bases,
                   const FolderMarks& marks) {
  const int64_t start = marks.partition->start();
  if (!bases.empty() && bases.front() <= start) return {};
  std::string why = fmt::format("the log starts at offset {}, and ", start);
  if (!marks.partition->is_whole())
    why = fmt::format("one line 'start' of {} is damaged, the other says {}, and ",
                      file_names::kPartition, start);
  if (bases.empty())
    return missing_at_an_end(folder, start, known_end(marks), true,
                             why + file_names::segment_file(start, file_names::kLog) +
                                 " and all later segments are missing");
  return missing_at_an_end(folder, start, bases.front(), false,
                           why + "the first segment that is there is " +
                               file_names::segment_file(bases.front(), file_names::kLog));
}

/// The error for a missing segment that a mark names.
Status named_segment_is_missing(FileSystem& files, const std::string& folder,
                                const std::vector<int64_t>& bases, const FolderMarks& marks,
                                int64_t missing) {
  const auto after = std::upper_bound(bases.begin(), bases.end(), missing);
  const int64_t to = after == bases.end() ? known_end(marks) : *after;
  int64_t from = missing;
  if (after != bases.begin()) {
    const int64_t before = *std::prev(after);
    const std::string path = folder + "/" + file_names::segment_file(before, file_names::kLog);
    HAIL_ASSIGN_OR_RETURN(const int64_t end, end_of(files, path, before));
    from = std::min(from, end);
  }
  const std::string why =
      file_names::segment_file(missing, file_names::kLog) + " is missing, which held records";
  return after == bases.end() ? missing_at_an_end(folder, from, to, true, why)
                              : missing_offsets(folder, from, to, false, why);
}

}  // namespace

Result<FolderMarks> read_marks(FileSystem& files, const std::string& folder, const Uuid& topic_id) {
  FolderMarks marks;
  HAIL_ASSIGN_OR_RETURN(marks.partition, PartitionFile::read(files, folder));
  marks.checkpoint = read_checkpoint(files, folder);
  marks.point = read_recovery_point(files, folder);
  if (!marks.partition) {
    HAIL_RETURN_IF_ERROR(check_without_partition_file(folder, marks));
    return marks;
  }
  const auto& owner = marks.partition->owner();
  HAIL_RETURN_IF_ERROR(check_owner(folder, owner, topic_id));
  // With the producers of another partition this one would acknowledge batches that it does not
  // hold.
  if (marks.checkpoint && marks.checkpoint->partition != owner.name) marks.checkpoint.reset();
  if (marks.point && marks.point->partition != owner.name) marks.point.reset();
  return marks;
}

Status check_for_missing_segments(FileSystem& files, const std::string& folder,
                                  const std::vector<int64_t>& bases, const FolderMarks& marks) {
  if (marks.partition) HAIL_RETURN_IF_ERROR(check_start(folder, bases, marks));
  // Retention removed the segments before this, or may have where the start is not known.
  const int64_t start = bases.empty() ? 0 : bases.front();
  std::set<int64_t> named;
  if (marks.point) named.insert(marks.point->segment_base);
  if (marks.checkpoint) {
    for (const auto& segment : marks.checkpoint->segments) named.insert(segment.base_offset);
  }
  for (auto it = named.lower_bound(start); it != named.end(); ++it) {
    if (!std::binary_search(bases.begin(), bases.end(), *it))
      return named_segment_is_missing(files, folder, bases, marks, *it);
  }
  return {};
}

Error missing_offsets(const std::string& folder, int64_t from, int64_t to, bool is_more,
                      const std::string& why) {
  const std::string which = to > from ? fmt::format("offsets {} to {}{} are missing", from, to - 1,
                                                    is_more ? " or more" : "")
                                      : fmt::format("offsets from {} on are missing", from);
  return {StorageErrc::corrupt,
          fmt::format("{}: {}: {}; nothing was changed. Restore the missing files from a copy or "
                      "delete the topic",
                      folder, which, why)};
}

}  // namespace hailstorm::storage
