#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "services/traffic/answer.h"

namespace hailstorm::lab {

using traffic::Answer;

/// Reads a file of the riders' answers (DATA/traffic/*.jsonl) as it grows.
///
/// Thread safety: not safe.
class AnswerReader {
 public:
  /// Reads from the byte `from` on.
  explicit AnswerReader(std::filesystem::path file, int64_t from = 0)
      : file_(std::move(file)), read_bytes_(from) {}

  /// The whole lines that were added since the last call. A line that is no answer, and a read
  /// that fails, are counted in unreadable(). A file that is not there yet has no lines.
  [[nodiscard]] std::vector<Answer> read_new();
  [[nodiscard]] int64_t unreadable() const { return unreadable_; }

 private:
  std::filesystem::path file_;
  int64_t read_bytes_;
  int64_t unreadable_ = 0;
};

}  // namespace hailstorm::lab
