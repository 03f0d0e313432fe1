#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/storage/checkpoint.h"
#include "broker/storage/partition_file.h"
#include "broker/storage/recovery_point.h"

namespace hailstorm::storage {

/// What a partition's folder says of itself beside its segments.
///
/// A folder without any of the three files is taken as it is: somebody else wrote it, an older
/// program, or Kafka. That is also how a user accepts a loss, or a folder that was moved on
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

/// Looks for segments that are missing by the marks: the first ones, the last ones, any that a mark
/// names. `bases` are the base offsets of those that are there and not before the log's start,
/// rising. Errors: corrupt (names the first offsets that are missing), io.
[[nodiscard]] Status check_for_missing_segments(FileSystem& files, const std::string& folder,
                                                const std::vector<int64_t>& bases,
                                                const FolderMarks& marks);

/// Offsets `from` to before `to` are in no segment file; `is_more`: or even more than those. `to`
/// negative: nobody knows to where.
[[nodiscard]] Error missing_offsets(const std::string& folder, int64_t from, int64_t to,
                                    bool is_more, const std::string& why);

}  // namespace hailstorm::storage
