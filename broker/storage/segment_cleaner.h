#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"
#include "broker/storage/key_offsets.h"
#include "broker/storage/segment.h"
#include "common/wire/record_batch.h"

namespace hailstorm::storage {

/// Which records a compaction keeps.
struct CleaningRules {
  const KeyOffsets* latest = nullptr;  // of the keys before `mapped_end`; must outlive the cleaning
  int64_t mapped_end = 0;              // records from here on are kept
  int64_t now_ms = 0;                  // of the wall clock
  int64_t delete_retention_ms = 0;
  std::set<int64_t> known_batches;  // base offsets by which the log knows its producers
};

/// Writes the segment that takes the place of others: their batches, without the records that are
/// not the last of their key. Each batch keeps its range of offsets. Where batches are gone, an
/// empty one has their range, so that no offset is missing and damage is found as in any other
/// segment. An empty batch of its own is kept for what the log knows its producers by.
///
/// A record without a value goes once its batch's delete horizon has passed; the first cleaning
/// sets that. One without a key goes, too: nobody could replace it. A batch that cannot be decoded
/// is kept as it is.
///
/// Thread safety: not safe.
class SegmentCleaner {
 public:
  /// `file` is written from its start; the segment will have `base_offset`.
  SegmentCleaner(FileSystem& files, const std::string& folder, File& file, int64_t base_offset,
                 const CleaningRules& rules);

  /// The next batch. Errors: io, no_space.
  [[nodiscard]] Status take(const wire::RecordBatchView& batch);
  /// Fills up to `end_offset` and gives the segment, whose indexes are in memory. Errors: as
  /// take().
  [[nodiscard]] Result<std::unique_ptr<Segment>> finish(int64_t end_offset);
  /// False: the batches so far were written as they came.
  [[nodiscard]] bool has_changed() const noexcept { return has_changed_; }

 private:
  struct Counts {
    int32_t kept = 0;
    int32_t kept_without_value = 0;
  };
  [[nodiscard]] bool is_kept(const wire::RecordView& record, bool is_past_horizon) const;
  [[nodiscard]] Result<Counts> count(const wire::RecordBatchView& batch,
                                     bool is_past_horizon) const;
  [[nodiscard]] std::vector<uint8_t> rewrite(const wire::RecordBatchView& batch,
                                             bool is_past_horizon, const Counts& counts) const;
  [[nodiscard]] Status put(Bytes batch);
  [[nodiscard]] Status fill_to(int64_t offset);
  [[nodiscard]] Status write_out();

  File& file_;
  const CleaningRules& rules_;
  std::unique_ptr<Segment> segment_;
  std::vector<uint8_t> unwritten_;
  uint64_t written_bytes_ = 0;
  bool has_changed_ = false;
};

}  // namespace hailstorm::storage
