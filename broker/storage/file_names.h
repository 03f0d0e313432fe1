#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/messages.h"

/// Every name of a file or folder in the broker's data folder, written and parsed in this one
/// place.
namespace hailstorm::storage::file_names {

inline constexpr std::string_view kCheckpoint = "checkpoint";
inline constexpr std::string_view kRecoveryPoint = "recovery-point";
inline constexpr std::string_view kPartition = "partition";
inline constexpr std::string_view kSegmentSwap = "segment-swap";
inline constexpr std::string_view kTopics = "topics.json";
inline constexpr std::string_view kTemporary = ".tmp";
inline constexpr std::string_view kDeleted = ".deleted";
inline constexpr std::string_view kLog = ".log";
inline constexpr std::string_view kOffsetIndex = ".index";
inline constexpr std::string_view kTimeIndex = ".timeindex";

/// "00000000000000000042.log": base offset with 20 digits, then one of the three suffixes above.
[[nodiscard]] std::string segment_file(int64_t base_offset, std::string_view suffix);
/// The base offset if `name` is exactly what segment_file(it, suffix) gives.
[[nodiscard]] std::optional<int64_t> parse_segment_file(std::string_view name,
                                                        std::string_view suffix);

/// "rides-3".
[[nodiscard]] std::string partition_folder(const std::string& topic, int32_t partition);
/// "rides-3" of "/data/rides-3".
[[nodiscard]] std::string last_part(const std::string& path);
/// The topic may hold dashes itself: the last one counts.
[[nodiscard]] std::optional<wire::TopicPartition> parse_partition_folder(std::string_view name);

}  // namespace hailstorm::storage::file_names
