#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/log.h"
#include "common/log/rewind/start_point.h"

/// A group is moved to another place in the log, and what that means. Safe from any thread.
namespace hailstorm::log {

/// Where one partition is to go.
struct PartitionPlace {
  TopicPartition id;
  StartPoint to;
};

struct Rewind {
  std::string group;
  StartPoint to;
  std::optional<std::string> topic;         // nothing: all that the group knows
  bool is_live = false;                     // also while members live
  bool is_only_back = false;                // leaves partitions alone that it would move forward
  std::vector<PartitionPlace> places = {};  // if any: these alone, in place of `to` and `topic`
};

struct RewoundPartition {
  Position to;
  int64_t from = -1;    // -1: the group had committed nothing
  int64_t records = 0;  // that are delivered again
  int64_t rides = 0;    // of them, distinct; -1: not counted
  int64_t skipped = 0;  // records that are passed over, where the group moves forward
};

/// What a rewind would do, or has done.
struct RewindReport {
  std::string group;
  bool is_preview = false;
  int32_t epoch = 0;  // of the group: now, or from the rewind on
  std::vector<RewoundPartition> partitions;
  std::vector<ClosedPartition> closed;  // left where they are
  int64_t records = 0;
  int64_t rides = 0;  // distinct over all partitions; -1: not counted
  int64_t skipped = 0;
};

/// Says what the rewind would do, and changes nothing. Errors of the Admin; refused: no such group.
[[nodiscard]] Result<RewindReport> preview_rewind(Engine& engine, const Rewind& rewind);
/// Does it. The numbers are those of a preview at this moment. Either all partitions are moved or
/// none; asked for again it does no harm. Error refused, too: members live, and it is not live.
[[nodiscard]] Result<RewindReport> apply_rewind(Engine& engine, const Rewind& rewind);

/// {"group","preview","epoch","partitions":[{"topic","partition","from","to","records","rides"}],
/// "records","rides","skipped","effects":0,"closed_partitions"}; rides null: not counted. Effects
/// of redelivered records: none, as long as their readers keep an inbox.
[[nodiscard]] json::Value to_json(const RewindReport& report);

}  // namespace hailstorm::log
