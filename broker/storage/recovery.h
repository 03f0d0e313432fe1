#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/partition_file.h"
#include "broker/storage/producer_state.h"
#include "broker/storage/segment.h"

namespace hailstorm::storage {

/// What open() finds on disk and makes whole.
struct RecoveredLog {
  std::optional<PartitionFile> partition;          // always there; its start is the first segment's
  std::vector<std::unique_ptr<Segment>> segments;  // oldest first, at least one; the last one grows
  ProducerState producers;
};

/// Recovers the partition in `folder`, which exists:
///  - segments that the checkpoint covers are trusted by name and size; from there on every batch
///    is walked with its CRC, and must continue the offsets of the one before;
///  - a bad batch is a torn tail if it lies in the last segment, beyond the checkpoint and the
///    recovery point, and no whole batch follows it, or what lacks before that one are whole
///    sectors that a power cut kept from the disk: it is cut off. Anything else that does not fit
///    (a bad batch before the tail, a whole batch with a true CRC of a kind that is not written
///    here, say a compressed one of Kafka's, a segment missing at any place, a file shorter than
///    what was durable, a folder of another partition or of another topic than `topic_id`) is error
///    corrupt, and nothing is changed;
///  - then temporary files, indexes without a log and segments before the log's start are removed,
///    the indexes of the walked segments are written again, and all that was walked is synced, so
///    that what is read from now on stays.
/// An empty folder becomes an empty log from offset 0. Where the folder has none of its marks, the
/// first segment that is there sets the log's start. Errors: corrupt (names file and byte, or the
/// offsets that are missing), io, no_space. `files` must remain live while the result is in use;
/// `now_ms` is by a clock that cannot jump.
[[nodiscard]] Result<RecoveredLog> recover(FileSystem& files, const std::string& folder,
                                           const Uuid& topic_id, int64_t now_ms);

}  // namespace hailstorm::storage
