#include "common/service/health.h"

#include <fmt/format.h>
#include <set>
#include <utility>

namespace hailstorm::service {

std::vector<std::string> why_not_ready(const Health& health, bool needs_the_log) {
  std::vector<std::string> reasons = health.readiness.reasons();
  for (const std::string& topic : health.log_trouble.missing_topics())
    reasons.push_back("topic '" + topic + "' does not exist; it is made again");
  if (!needs_the_log) return reasons;
  if (!health.in_group) {
    const std::string error = health.log_trouble.error();
    reasons.push_back("no partition of the log is assigned to this instance" +
                      (error.empty() ? "" : ": " + error));
  }
  for (const auto& [id, why] : health.log_trouble.closed())
    reasons.push_back(fmt::format("partition {}-{} is closed: {}", id.topic, id.partition, why));
  return reasons;
}

void LogTrouble::set_error(std::string error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
}

void LogTrouble::set_closed(std::vector<log::ClosedPartition> closed) {
  const std::lock_guard lock(mutex_);
  closed_ = std::move(closed);
}

void LogTrouble::set_deleted_topics(std::vector<std::string> topics) {
  const std::lock_guard lock(mutex_);
  deleted_topics_ = std::move(topics);
}

void LogTrouble::set_missing_topics(std::vector<std::string> topics) {
  const std::lock_guard lock(mutex_);
  missing_topics_ = std::move(topics);
}

std::string LogTrouble::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

std::vector<log::ClosedPartition> LogTrouble::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::vector<std::string> LogTrouble::missing_topics() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> all(missing_topics_.begin(), missing_topics_.end());
  all.insert(deleted_topics_.begin(), deleted_topics_.end());
  return {all.begin(), all.end()};
}

}  // namespace hailstorm::service
