#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "common/log/log.h"

/// Consumer groups as JSON, the same from `hail groups --json` and from the lab. Safe from any
/// thread; an Admin only from its own.
namespace hailstorm::log {

/// {"topic": …, "partition": N, "error": why}
[[nodiscard]] json::Value closed_json(const ClosedPartition& closed);
[[nodiscard]] json::Value closed_json(const std::vector<ClosedPartition>& closed);

/// The sum over all partitions.
[[nodiscard]] int64_t lag_of(const GroupDescription& group);

/// Those of the topics that the group reads. `topics`: as the Admin describes them.
[[nodiscard]] std::vector<ClosedPartition> closed_partitions(const GroupDescription& group,
                                                             const std::vector<TopicInfo>& topics);

/// {"group","state","epoch","members":N,"lag","closed_partitions"}
[[nodiscard]] json::Value summary_json(const GroupDescription& group,
                                       const std::vector<ClosedPartition>& closed);
/// The same with its members and partitions as arrays.
[[nodiscard]] json::Value group_json(const GroupDescription& group,
                                     const std::vector<ClosedPartition>& closed);

/// What GET /api/groups answers: an array of summaries. Errors of the Admin.
[[nodiscard]] Result<json::Value> all_groups(Admin& admin);
/// What GET /api/groups/GROUP answers. Errors of the Admin; refused: there is no such group.
[[nodiscard]] Result<json::Value> one_group(Admin& admin, const std::string& group);

}  // namespace hailstorm::log
