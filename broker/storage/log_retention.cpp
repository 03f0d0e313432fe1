#include <algorithm>

#include "broker/storage/log.h"

/// The part of Log that drops old segments.
namespace hailstorm::storage {

/// When the segment's last record was written, as far as its records and files can be believed.
int64_t Log::last_written_ms(size_t number) const {
  const int64_t claimed_ms = segments_[number]->extent().max_timestamp_ms;
  const int64_t now_ms = clock_.wall_ms();
  if (claimed_ms >= 0 && claimed_ms <= now_ms + kTimestampAheadMaxMs) return claimed_ms;
  // A time that lies so far ahead would keep this segment, and all later ones, until it comes. It
  // was written before its file and those of later segments were last changed.
  int64_t written_ms = now_ms;
  for (size_t i = number; i < segments_.size(); ++i) {
    const auto modified_ms = files_.modified_ms(segments_[i]->log_path());
    if (modified_ms.ok()) written_ms = std::min(written_ms, *modified_ms);
  }
  return written_ms;
}

bool Log::can_drop(size_t number, int64_t before_offset) const {
  return !stopped_ && number + 1 < segments_.size() &&
         segments_[number]->extent().end_offset <= before_offset;
}

bool Log::is_expired(size_t number, int64_t size_bytes) const {
  const auto& segment = segments_[number]->extent();
  const bool is_too_much =
      config_.retention_bytes >= 0 &&
      size_bytes - static_cast<int64_t>(segment.size_bytes) >= config_.retention_bytes;
  return is_too_much || (config_.retention_ms >= 0 &&
                         last_written_ms(number) < clock_.wall_ms() - config_.retention_ms);
}

Status Log::drop_first(size_t count) {
  const int64_t start = segments_[count]->extent().base_offset;
  // Durable first: else a power cut could leave a log without what its start still promises. What
  // it leaves of the files before the start is removed by the next recovery.
  if (start > partition_.start()) HAIL_RETURN_IF_ERROR(partition_.move_start(start));
  while (segments_.front()->extent().base_offset < partition_.start()) {
    HAIL_RETURN_IF_ERROR(segments_.front()->remove_files());
    size_bytes_ -= static_cast<int64_t>(segments_.front()->extent().size_bytes);
    segments_.erase(segments_.begin());
  }
  return {};
}

Status Log::enforce_retention(int64_t high_watermark) {
  producers_.expire(clock_.steady_ms() - ProducerState::kExpiryMs);
  int64_t size_bytes = size_bytes_;
  size_t count = 0;
  for (; can_drop(count, high_watermark) && is_expired(count, size_bytes); ++count)
    size_bytes -= static_cast<int64_t>(segments_[count]->extent().size_bytes);
  return drop_first(count);
}

Status Log::drop_before(int64_t offset) {
  size_t count = 0;
  while (can_drop(count, offset)) ++count;
  return drop_first(count);
}

}  // namespace hailstorm::storage
