#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/storage/checkpoint.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/recovery_point.h"

namespace hailstorm::storage {

/// What the files beside the segments say about a partition's folder.
///
/// A folder without any of the three files is taken as it is: an older program or Kafka wrote it. A
/// user who removes the three files accepts a loss in that way, or a folder that was moved on
/// purpose.
///
/// Thread safety: a value.
struct FolderMarks {
  std::optional<PartitionFile> partition;
  std::optional<Checkpoint> checkpoint;
  std::optional<RecoveryPoint> point;
};

/// The marks in `folder`; a checkpoint or recovery point that is damaged or another partition's is
/// left out. `topic_id` is that of the topic, zero: not known. Errors: corrupt (the folder is
/// another partition's, or its file `partition` is damaged, or missing although the others know of
/// it), io.
[[nodiscard]] Result<FolderMarks> read_marks(FileSystem& files, const std::string& folder,
                                             const Uuid& topic_id);

/// Looks for segments that must be there by the marks and are not: the first ones, the last ones,
/// and any that a mark names. `bases` are the base offsets of the segments from the log's start on,
/// rising. Errors: corrupt (names the first offsets that are missing), io.
[[nodiscard]] Status check_for_missing_segments(FileSystem& files, const std::string& folder,
                                                const std::vector<int64_t>& bases,
                                                const FolderMarks& marks);

/// The error for offsets from `from` to before `to` that no segment file holds. `is_more`: at least
/// these. `to` negative: the end is not known.
[[nodiscard]] Error missing_offsets(const std::string& folder, int64_t from, int64_t to,
                                    bool is_more, const std::string& why);

}  // namespace hailstorm::storage
