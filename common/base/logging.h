#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/log_field.h"
#include "common/base/result.h"

/// Logging is process-wide on purpose: a process has one standard error, and a logger that were
/// handed through every constructor would reach the same file. Several services in one process
/// write one log. Whatever a test has to vary is an object: LogLimit takes its clock, ErrorFile its
/// path.
namespace hailstorm {

/// Names this process in every line, sets the least level that is written, and forgets which
/// warnings were written already. Call once, in main.
/// Lines go to standard error, one JSON object each:
/// {"ts":…,"level":…,"service":…,"msg":…,FIELDS…}.
void init_logging(std::string_view service, LogLevel least = LogLevel::info);

/// From now on standard error goes to the file, whose size is kept bounded (error_file.h). Error of
/// OutputErrc.
[[nodiscard]] Status log_to_file(const std::string& path, int64_t max_bytes);

/// What --log-level takes.
inline const std::vector<std::string> kLogLevels = {"debug", "info", "warn", "error"};
/// REQUIRES: `name` is one of kLogLevels.
[[nodiscard]] LogLevel log_level_from(std::string_view name);

/// Writes one line. May be called from any thread.
///
/// Of warnings and errors of one kind, which is the message (and fields of distinct_by()), one a
/// second is written, so that no flood of them fills a disk. The next line of the kind has the
/// number of those that were held back as its field "suppressed". Where none follows, a line with
/// that number alone is written once the second is over, and at the end of the process.
void write_log(LogLevel level, std::string_view message,
               std::initializer_list<LogField> fields = {});

inline void log_info(std::string_view message, std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::info, message, fields);
}
inline void log_warn(std::string_view message, std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::warn, message, fields);
}
inline void log_error(std::string_view message, std::initializer_list<LogField> fields = {}) {
  write_log(LogLevel::error, message, fields);
}

}  // namespace hailstorm
