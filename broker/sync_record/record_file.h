#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace hailstorm::storage {

/// A file of fixed size for lines that survive the death of their writer, though not of the
/// machine. Its room is taken when it is made, so that a disk that fills later does not matter. It
/// has two halves: lines are added to one until that is full, then what they came to begins the
/// other.
///
/// Thread safety: not safe. Errors: StorageErrc.
class RecordFile {
 public:
  static constexpr uint64_t kHalfBytes = 2 << 20;

  /// Opens or makes it.
  [[nodiscard]] static Result<std::unique_ptr<RecordFile>> open(const std::string& path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  /// All lines that count.
  [[nodiscard]] Result<std::string> read() const;
  [[nodiscard]] bool has_room_for(std::string_view lines) const;
  /// REQUIRES: has_room_for(lines).
  [[nodiscard]] Status append(std::string_view lines);
  /// These instead of all others. REQUIRES: they fit into a half.
  [[nodiscard]] Status replace(std::string_view lines);

 private:
  RecordFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  [[nodiscard]] Status find_half();
  [[nodiscard]] Status write(uint64_t position, std::string_view text) const;
  [[nodiscard]] std::string text_of(uint64_t half) const;

  const int fd_;
  const std::string path_;
  uint64_t half_ = 0;        // 0 or 1: the one that counts
  uint64_t generation_ = 0;  // rises with each replace()
  uint64_t end_ = 0;         // of its lines, in the half
};

}  // namespace hailstorm::storage
