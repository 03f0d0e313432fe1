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
/// other. It is mapped into memory: the kernel keeps what a killed writer wrote, and a line costs
/// no system call.
///
/// Thread safety: not safe. Errors: StorageErrc.
class RecordFile {
 public:
  static constexpr uint64_t kHalfBytes = 2 << 20;

  /// Opens or makes it; a file that is none is left as it is. Errors: io, corrupt. REQUIRES:
  /// nothing writes to it any more.
  [[nodiscard]] static Result<std::unique_ptr<RecordFile>> open(const std::string& path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  /// All lines that count.
  [[nodiscard]] Result<std::string> read() const;
  [[nodiscard]] bool has_room_for(std::string_view lines) const;
  /// REQUIRES: has_room_for(lines).
  void append(std::string_view lines);
  /// These instead of all others. REQUIRES: they fit into a half.
  void replace(std::string_view lines);

 private:
  RecordFile(char* bytes, std::string path) : bytes_(bytes), path_(std::move(path)) {}
  void find_half();
  void write(uint64_t position, std::string_view text);
  [[nodiscard]] std::string_view text_of(uint64_t half) const;

  char* const bytes_;  // of both halves
  const std::string path_;
  uint64_t half_ = 0;        // 0 or 1: the one that counts
  uint64_t generation_ = 0;  // rises with each replace()
  uint64_t end_ = 0;         // of its lines, in the half
};

}  // namespace hailstorm::storage
