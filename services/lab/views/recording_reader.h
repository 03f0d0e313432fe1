#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/views/schedule.h"

namespace hailstorm::lab {

/// Reads a file that `hail-lab record` wrote: its schedule, then its frames one by one, then the
/// audit of its end if there is one. Errors: cannot_read; not_recording, with the line's number.
///
/// Thread safety: not safe.
class RecordingReader {
 public:
  [[nodiscard]] static Result<RecordingReader> open(const std::filesystem::path& file);

  [[nodiscard]] const Schedule& schedule() const { return schedule_; }
  /// Nothing: that was the last one. A line that was cut off at the file's end is none.
  [[nodiscard]] Result<std::optional<json::Value>> next_frame();
  /// As GET /api/audit gives it. REQUIRES: next_frame() gave nothing.
  [[nodiscard]] const std::optional<json::Value>& audit() const { return audit_; }

 private:
  explicit RecordingReader(const std::filesystem::path& file);
  [[nodiscard]] Result<std::optional<json::Value>> next_line();

  std::string name_;
  std::ifstream file_;
  int64_t line_ = 0;
  Schedule schedule_;
  std::optional<json::Value> audit_;
};

}  // namespace hailstorm::lab
