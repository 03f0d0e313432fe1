#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/reactor.h"

/// Dead letters that are given back to the group that refused them. Each is a record of a topic of
/// its own, which every service reads beside its own ones: the record that was refused, whole, with
/// the group that it is for. All other groups pass it. Pure functions: safe from any thread.
namespace hailstorm::service {

/// One partition, so that replays take effect in the order in which they were asked for.
inline constexpr int32_t kReplayPartitions = 1;

struct Replay {
  std::string group;
  int64_t attempts = 0;          // before this one
  std::string letter;            // the id of the dead letter
  log::ConsumedRecord original;  // with its place in its own topic; no topic id
};

/// The record for the topic events::kReplayTopic: the original's key, value and headers, and after
/// these replay_group, replay_topic, replay_partition, replay_offset, replay_timestamp_ms,
/// replay_attempts and replay_letter.
[[nodiscard]] log::Record to_record(const Replay& replay);
/// Error EventErrc bad_field: it is no replay.
[[nodiscard]] Result<Replay> read_replay(const log::ConsumedRecord& record);

/// What a service reads: the topics of its reactor, and that of replays.
[[nodiscard]] std::vector<std::string> topics_read_by(const Reactor& reactor);

}  // namespace hailstorm::service
