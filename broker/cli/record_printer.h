#pragma once

#include <string>

#include "common/log/log.h"

namespace hailstorm::cli {

/// Prints consumed records on standard output, one line each: columns for people, JSON for
/// programs.
///
/// Thread safety: not safe.
class RecordPrinter {
 public:
  explicit RecordPrinter(bool json) : json_(json) {}

  void print(const log::ConsumedRecord& record);
  /// False when nobody reads the output any more.
  [[nodiscard]] bool flush();

 private:
  bool json_;
  bool headed_ = false;
};

}  // namespace hailstorm::cli
