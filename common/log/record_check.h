#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/log/types.h"

/// Checks of a record before it is queued or stored. Pure functions: safe from any thread.
namespace hailstorm::log {

/// The bytes of the record that count against kMaxRecordBytes.
[[nodiscard]] int64_t record_bytes(const Record& record);
[[nodiscard]] int64_t record_bytes(const RecordView& record);

/// Error refused: no topic can have this name, or it belongs to the broker, or the record is larger
/// than kMaxRecordBytes. The message says which and what to do.
[[nodiscard]] Status check_record(const std::string& topic, const Record& record);
[[nodiscard]] Status check_record(const std::string& topic, const RecordView& record);

}  // namespace hailstorm::log
