#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/cli/reading_end.h"
#include "broker/cli/start_point.h"
#include "common/base/clock.h"
#include "common/log/log.h"

namespace hailstorm::cli {

/// Decides when a member of a group has read all that its topic held at the start.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class GroupEnd {
 public:
  /// `from`: where a group without commits starts. `member`: the options of the member.
  GroupEnd(const ReadingEnd& end, const StartPoint& from, const log::ConsumerOptions& member);

  /// True when the group has committed the ends of all partitions that the member owns, closed ones
  /// excepted. Also, with a line on standard error, when the member owns none because the other
  /// members own all, and these have read them or keep them.
  [[nodiscard]] Result<bool> is_reached(log::Admin& admin, const log::Consumer& member);

 private:
  [[nodiscard]] bool is_read(const log::GroupPartitionInfo& partition) const;
  [[nodiscard]] bool others_end(const log::GroupDescription& group);

  const ReadingEnd& end_;
  const std::string group_;
  const StartPoint from_;
  const int64_t patience_ms_;  // with other members that own all partitions
  const SystemClock clock_;
  std::optional<int64_t> others_own_all_since_ms_;
};

}  // namespace hailstorm::cli
