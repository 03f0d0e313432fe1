#include "common/log/hailstorm/closed_partitions.h"

#include <fmt/format.h>

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {

bool ClosedPartitions::close(const TopicPartition& id, const wire::Outcome& outcome) {
  const std::string why = error_of(outcome).message();
  std::string reason = fmt::format("partition {}-{} is closed: {}", id.topic, id.partition, why);
  if (!reasons_.insert_or_assign(id, std::move(reason)).second) return false;
  log_warn(
      "a partition is closed; records for it fail until the broker's next start",
      {distinct_by({"topic", id.topic}), distinct_by({"partition", id.partition}), {"why", why}});
  return true;
}

bool ClosedPartitions::open(const TopicPartition& id) {
  if (reasons_.erase(id) == 0) return false;
  log_info("a partition is open again", {{"topic", id.topic}, {"partition", id.partition}});
  return true;
}

}  // namespace hailstorm::log::hail
