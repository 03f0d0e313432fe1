#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/partition_file.h"
#include "broker/storage/producer_state.h"
#include "broker/storage/segment.h"

namespace hailstorm::storage {

/// A log as it was found on the disk, and repaired where that is allowed.
struct RecoveredLog {
  std::optional<PartitionFile> partition;  // always there; its start is in the first segment
  std::vector<std::unique_ptr<Segment>> segments;  // oldest first, at least one; the last one grows
  ProducerState producers;
  int64_t compacted_to = 0;  // compaction has seen all records before this
};

/// Recovers the partition in `folder`, which exists.
///
/// Segments that the checkpoint covers are trusted by name and size. From there on every batch is
/// checked with its CRC, and must continue the offsets of the batch before it.
///
/// A bad batch is a torn tail where it lies in the last segment, after the checkpoint and the
/// recovery point, and no whole batch follows it; or one follows, but all that lacks before it is
/// whole sectors that a power cut kept from the disk. A torn tail is cut off.
///
/// Everything else that does not fit is error corrupt, and nothing is changed: a bad batch before
/// the tail; a whole batch with a right CRC of a kind that this broker does not write, such as a
/// control batch; a missing segment; a file shorter than what was durable; the folder of another
/// partition, or of another topic than `topic_id`.
///
/// A compaction that was cut short after it had begun to exchange segments is finished first: what
/// it puts in their place is checked before.
///
/// Then temporary files, indexes without a log and segments before the log's start are removed, the
/// indexes of the checked segments are written again, and all that was checked is synced: readers
/// will see it, so it must stay.
///
/// An empty folder becomes an empty log from offset 0. Where the folder has none of its marks, the
/// first segment sets the log's start. Errors: corrupt (names file and byte, or the offsets that
/// are missing), io, no_space. `files` must remain live while the result is in use; `now_ms` is of
/// a clock that cannot jump.
[[nodiscard]] Result<RecoveredLog> recover(FileSystem& files, const std::string& folder,
                                           const Uuid& topic_id, int64_t now_ms);

}  // namespace hailstorm::storage
