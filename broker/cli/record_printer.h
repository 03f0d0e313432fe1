#pragma once

#include <string>

#include "common/log/log.h"

namespace hailstorm::cli {

/// How records are shown: JSON for programs; a line each in columns; a block each, with JSON over
/// several lines, for people at a terminal.
enum class RecordStyle { json, columns, blocks };

/// json if it was asked for, else what suits standard output.
[[nodiscard]] RecordStyle style_for_output(bool wants_json);

/// "rides-0 @ 42  2014-04-01T00:11:00.000Z  rider-7" and the headers and the value below; with its
/// line ends.
[[nodiscard]] std::string record_block(const log::ConsumedRecord& record);

/// Prints consumed records on standard output.
///
/// Thread safety: not safe.
class RecordPrinter {
 public:
  explicit RecordPrinter(RecordStyle style) : style_(style) {}

  void print(const log::ConsumedRecord& record);
  /// False: the output cannot be written any more, for example because its reader has gone.
  [[nodiscard]] bool flush();

 private:
  void print_columns(const log::ConsumedRecord& record);

  RecordStyle style_;
  bool headed_ = false;
};

}  // namespace hailstorm::cli
