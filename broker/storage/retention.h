#pragma once

#include <cstdint>

#include "broker/storage/file_system.h"
#include "broker/storage/segments.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// How many of the oldest segments that end at or before `high_watermark` are too old, or too much,
/// by the topic's retention; the active one never counts. `files` says when a file was last changed
/// where its records' times cannot be true; `now_ms` is the wall clock.
[[nodiscard]] size_t count_expired(const Segments& segments, const wire::TopicConfig& config,
                                   FileSystem& files, int64_t now_ms, int64_t high_watermark);

}  // namespace hailstorm::storage
