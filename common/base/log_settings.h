#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/options.h"
#include "common/base/result.h"

namespace hailstorm {

/// What a program that runs for long logs, and where to.
///
/// Thread safety: a value; begin() is called in main before threads start.
struct LogSettings {
  static constexpr int64_t kFileBytes = 10'000'000;

  std::string level = "info";
  std::optional<std::string> file;
  int64_t file_bytes = kFileBytes;

  /// Adds --log-level, --log-file and --log-file-bytes.
  void add_to(Options& options);
  /// As init_logging(); with a file, standard error goes to it from then on. Error of OutputErrc:
  /// the file cannot be written.
  [[nodiscard]] Status begin(std::string_view service) const;
};

}  // namespace hailstorm
