#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hailstorm::lab {

/// What one rider was answered about one ride on one lane: one line of DATA/traffic/*.jsonl.
struct Answer {
  std::string act;
  std::string lane;
  std::string ride_id;
  int status = 0;  // of HTTP; 0: no answer came
  double latency_ms = 0;
  int64_t sent_at_ms = 0;

  [[nodiscard]] bool accepted() const { return status >= 200 && status < 300; }
};

/// Reads a file of answers as it grows.
///
/// Thread safety: not safe.
class AnswerReader {
 public:
  explicit AnswerReader(std::filesystem::path file) : file_(std::move(file)) {}

  /// The whole lines that were added since the last call. A line that is no answer, and a read
  /// that fails, are counted in unreadable(). A file that is not there yet has no lines.
  [[nodiscard]] std::vector<Answer> read_new();
  [[nodiscard]] int64_t unreadable() const { return unreadable_; }

 private:
  std::filesystem::path file_;
  int64_t read_bytes_ = 0;
  int64_t unreadable_ = 0;
};

}  // namespace hailstorm::lab
