#include "broker/storage/retention.h"

#include <algorithm>

#include "broker/storage/batch_check.h"

namespace hailstorm::storage {
namespace {

/// When the segment's last record was written, as far as its records and files can be believed.
int64_t last_written_ms(const Segments& segments, size_t number, FileSystem& files,
                        int64_t now_ms) {
  const int64_t claimed_ms = segments.extent(number).max_timestamp_ms;
  if (claimed_ms >= 0 && claimed_ms <= now_ms + kTimestampAheadMaxMs) return claimed_ms;
  // A time that lies so far ahead would keep this segment, and all later ones, until it comes. The
  // record was written before this file and those of later segments were last changed.
  int64_t written_ms = now_ms;
  for (size_t i = number; i < segments.count(); ++i) {
    const auto modified_ms = files.modified_ms(segments.at(i).log_path());
    if (modified_ms.ok()) written_ms = std::min(written_ms, *modified_ms);
  }
  return written_ms;
}

}  // namespace

size_t count_expired(const Segments& segments, const wire::TopicConfig& config, FileSystem& files,
                     int64_t now_ms, int64_t high_watermark) {
  if (!config.has_retention()) return 0;
  const size_t most = segments.count_before(high_watermark);
  int64_t kept_bytes = segments.size_bytes();
  for (size_t number = 0; number < most; ++number) {
    kept_bytes -= static_cast<int64_t>(segments.extent(number).size_bytes);
    const bool is_too_much = config.retention_bytes >= 0 && kept_bytes >= config.retention_bytes;
    const bool is_too_old =
        config.retention_ms >= 0 &&
        last_written_ms(segments, number, files, now_ms) < now_ms - config.retention_ms;
    if (!is_too_much && !is_too_old) return number;
  }
  return most;
}

}  // namespace hailstorm::storage
