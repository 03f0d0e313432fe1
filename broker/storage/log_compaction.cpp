/// The part of Log that compacts.
#include <algorithm>
#include <limits>

#include "broker/storage/file_names.h"
#include "broker/storage/log.h"
#include "common/base/logging.h"

namespace hailstorm::storage {
namespace {

constexpr uint64_t kMillion = 1'000'000;

}  // namespace

size_t Log::count_compactable(int64_t high_watermark) const {
  if (!config_.is_compacted()) return 0;
  // Only what was synced with a later segment as the active one: recovery cuts nothing there.
  const int64_t most = std::min(high_watermark, durable_.segment_base);
  const int64_t young_ms = clock_.wall_ms() - config_.min_compaction_lag_ms;
  size_t count = 0;
  while (count + 1 < segments_.count() && segments_.extent(count).end_offset <= most) {
    const bool is_young =
        config_.min_compaction_lag_ms > 0 && segments_.extent(count).max_timestamp_ms > young_ms;
    if (is_young && segments_.extent(count).end_offset > compacted_to_) break;
    ++count;
  }
  return count;
}

uint64_t Log::dirty_bytes(int64_t high_watermark) const {
  uint64_t bytes = 0;
  const size_t count = count_compactable(high_watermark);
  for (size_t i = 0; i < count; ++i) {
    if (segments_.extent(i).end_offset > compacted_to_) bytes += segments_.extent(i).size_bytes;
  }
  return bytes;
}

bool Log::is_worth_compacting(size_t count) const {
  uint64_t all = 0;
  uint64_t dirty = 0;
  bool has_old = false;
  const int64_t old_ms = clock_.wall_ms() - config_.max_compaction_lag_ms;
  for (size_t i = 0; i < count; ++i) {
    const SegmentExtent& segment = segments_.extent(i);
    all += segment.size_bytes;
    if (segment.end_offset <= compacted_to_) continue;
    dirty += segment.size_bytes;
    has_old = has_old || segment.max_timestamp_ms < old_ms;
  }
  if (dirty == 0) return false;
  return has_old || dirty * kMillion >= all * static_cast<uint64_t>(config_.min_dirty_ppm);
}

std::unique_ptr<Compaction> Log::begin_compaction(int64_t high_watermark, CompactionLimits limits) {
  if (stopped_ || is_compacting_ || swap_) return nullptr;
  const size_t count = count_compactable(high_watermark);
  if (!is_worth_compacting(count)) return nullptr;
  Compaction::Plan plan;
  plan.files = &files_;
  plan.folder = folder_;
  plan.delete_retention_ms = config_.delete_retention_ms;
  plan.now_ms = clock_.wall_ms();
  plan.dirty_from = compacted_to_;
  for (size_t i = 0; i < count; ++i) {
    if (segments_.extent(i).end_offset > compacted_to_) plan.dirty.push_back(segments_.extent(i));
  }
  for (const auto& producer : producers_.producers()) {
    for (uint8_t i = 0; i < producer.batch_count; ++i)
      plan.known_batches.insert(producer.batches[i].base_offset);
  }
  is_compacting_ = true;
  return std::make_unique<Compaction>(std::move(plan), std::move(limits));
}

std::vector<SegmentExtent> Log::next_group(int64_t from, int64_t end) const {
  std::vector<SegmentExtent> group;
  uint64_t bytes = 0;
  for (size_t i = 0; i + 1 < segments_.count(); ++i) {
    const SegmentExtent& segment = segments_.extent(i);
    if (segment.base_offset < from) continue;
    if (segment.base_offset >= end) break;
    bytes += segment.size_bytes;
    const bool fits = bytes <= static_cast<uint64_t>(config_.segment_bytes) &&
                      (group.empty() || segment.end_offset - group.front().base_offset <=
                                            std::numeric_limits<int32_t>::max());
    if (!group.empty() && !fits) break;
    group.push_back(segment);
  }
  return group;
}

Result<bool> Log::next_step(Compaction& compaction) {
  HAIL_CHECK(is_compacting_ && compaction.has_run() && !swap_);
  const Status& outcome = compaction.outcome();
  if (compaction.has_left_swap()) stop(outcome.error());
  if (!outcome.ok() || stopped_) {
    static_cast<void>(end_compaction().ok());
    return outcome.ok() ? *stopped_ : outcome.error();
  }
  const bool has_cleaned = !compaction.group().empty();
  if (has_cleaned) HAIL_RETURN_IF_ERROR(put_in_place(compaction));
  const int64_t from = has_cleaned ? compaction.group().back().end_offset : 0;
  auto group = next_group(from, compaction.mapped_end());
  if (!group.empty()) {
    compaction.clean_next(std::move(group));
    return true;
  }
  compacted_to_ = std::max(compacted_to_, compaction.mapped_end());
  checkpoint_due_ = true;
  HAIL_RETURN_IF_ERROR(end_compaction());
  return false;
}

Status Log::put_in_place(Compaction& compaction) {
  auto segment = compaction.take_result();
  if (!segment) return {};
  const auto& group = compaction.group();
  const int64_t base = group.front().base_offset;
  const std::string aside = path_aside(folder_, base);
  const auto renamed = files_.rename(aside, segment->log_path());
  if (!renamed.ok()) {  // the next recovery does it
    is_compacting_ = false;
    return stop(renamed.error());
  }
  swap_ = SegmentSwap{file_names::last_part(folder_), segment->extent()};
  segment->close_indexes();
  segment->drop_indexes();
  segments_.replace(segments_.number_of(base), group.size(), std::move(segment));
  ++segments_begun_;
  return {};
}

Status Log::end_compaction() {
  is_compacting_ = false;
  return swap_ ? Status() : drop_before(std::max(drop_wanted_to_, start_offset()));
}

}  // namespace hailstorm::storage
