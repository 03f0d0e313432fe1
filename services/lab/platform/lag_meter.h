#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/log/admin.h"
#include "services/lab/platform/end_history.h"

namespace hailstorm::log {
class Engine;
}  // namespace hailstorm::log

namespace hailstorm::lab {

/// Asks the broker for the groups and their lag, one request for each group. The broker also knows
/// groups whose members are all dead, which no service could report.
///
/// Thread safety: not safe. Times are on the steady clock.
class LagMeter {
 public:
  /// `url`: hailstorm://HOST:PORT.
  LagMeter(const std::string& url, std::vector<std::string> groups);
  ~LagMeter();
  LagMeter(const LagMeter&) = delete;
  LagMeter& operator=(const LagMeter&) = delete;

  /// False when the broker did not answer for all groups; what follows then is older.
  bool refresh(int64_t now_ms);
  /// Records that the group has not committed yet, over all topics.
  [[nodiscard]] int64_t of(const std::string& group) const;
  /// How long ago the oldest of them was first seen in the log, in seconds; 0: there is none.
  [[nodiscard]] double age_s(const std::string& group, int64_t now_ms) const;
  [[nodiscard]] const std::map<std::string, log::GroupDescription>& groups() const {
    return described_;
  }

 private:
  const std::vector<std::string> groups_;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Admin> admin_;
  std::map<std::string, log::GroupDescription> described_;
  std::map<log::TopicPartition, EndHistory> ends_;
};

}  // namespace hailstorm::lab
