#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/error.h"
#include "common/log/log.h"

/// What dead_letter gets of a record that can never take effect: its place, why, and the beginning
/// of what it held, so that a dead letter is small whatever the record was. Pure functions: safe
/// from any thread.
namespace hailstorm::service {

/// What a dead letter keeps of the record, in bytes; the rest is cut off.
inline constexpr size_t kLetterKeyBytes = 1 << 10;
inline constexpr size_t kLetterValueBytes = 4 << 10;
inline constexpr size_t kLetterHeadersBytes = 4 << 10;  // names and values of all of them
inline constexpr size_t kLetterErrorBytes = 1 << 10;

/// `text`, or its first `max_bytes` bytes and how many it had.
[[nodiscard]] std::string shortened_text(const std::string& text, size_t max_bytes);

/// The dead letter of `record`, which `group` could not handle at its try number `attempts`. Its
/// headers: the record's own, as many as fit, and
///
///     dead_letter_topic, dead_letter_partition, dead_letter_offset   the record's place
///     dead_letter_last_offset                                        of a place without a record
///     dead_letter_group, dead_letter_error, dead_letter_attempts
///     dead_letter_key_bytes, dead_letter_value_bytes                 what the record had
///     dead_letter_headers_left_out                                   how many; missing: none
///
/// Headers of these names that the record had, as a dead letter that was sent again has, are left
/// out: a dead letter does not grow however often it becomes one.
[[nodiscard]] log::Record dead_letter_of(const log::ConsumedRecord& record,
                                         const std::string& group, const Error& error,
                                         int64_t attempts);

}  // namespace hailstorm::service
