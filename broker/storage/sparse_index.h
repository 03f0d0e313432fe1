#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {

/// Bytes of a segment between two entries of its indexes.
inline constexpr uint64_t kIndexIntervalBytes = 4096;

/// One entry of a `.index` file: the batch that ends with this offset starts at this position.
/// On disk: relative offset u32, position u32, big-endian.
struct OffsetEntry {
  static constexpr size_t kBytes = 8;
  uint32_t offset = 0;  // relative to the segment's base offset
  uint32_t position = 0;

  void put(uint8_t* at) const noexcept;
  [[nodiscard]] static OffsetEntry get(const uint8_t* at) noexcept;
  [[nodiscard]] bool before(const OffsetEntry& next) const noexcept {
    return offset < next.offset && position < next.position;
  }
};

/// One entry of a `.timeindex` file: no record up to this offset is younger than this timestamp.
/// On disk: timestamp i64, relative offset u32, big-endian.
struct TimeEntry {
  static constexpr size_t kBytes = 12;
  int64_t timestamp_ms = 0;
  uint32_t offset = 0;  // relative to the segment's base offset

  void put(uint8_t* at) const noexcept;
  [[nodiscard]] static TimeEntry get(const uint8_t* at) noexcept;
  [[nodiscard]] bool before(const TimeEntry& next) const noexcept {
    return timestamp_ms < next.timestamp_ms && offset < next.offset;
  }
};

/// The entries of one index, in memory, and how many of them its file holds. The file is never
/// needed: what it lacks is made again from the log.
///
/// Thread safety: not safe.
template <class Entry>
class SparseIndex {
 public:
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
  [[nodiscard]] size_t unsaved() const noexcept { return entries_.size() - saved_; }

  void add(const Entry& entry) { entries_.push_back(entry); }
  /// Adds the entry unless it is not after the last one.
  void add_if_after(const Entry& entry) {
    if (entries_.empty() || entries_.back().before(entry)) add(entry);
  }
  /// Keeps the first `count` entries.
  void cut(size_t count);

  /// Writes what the file lacks. After an error the whole file is written the next time.
  Status save(FileSystem& files, const std::string& path);
  /// Takes over the file's entries; none if it is missing, garbled or not rising.
  void load(FileSystem& files, const std::string& path);

 private:
  std::vector<Entry> entries_;
  size_t saved_ = 0;
};

using OffsetIndex = SparseIndex<OffsetEntry>;
using TimeIndex = SparseIndex<TimeEntry>;

}  // namespace hailstorm::storage
