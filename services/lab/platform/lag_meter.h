#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hailstorm::log {
class Admin;
class Engine;
}  // namespace hailstorm::log

namespace hailstorm::lab {

/// Asks the broker for the lag of each group. The broker also knows groups whose members are all
/// dead, which no service could report.
///
/// Thread safety: not safe.
class LagMeter {
 public:
  /// `url`: hailstorm://HOST:PORT.
  LagMeter(const std::string& url, std::vector<std::string> groups);
  ~LagMeter();
  LagMeter(const LagMeter&) = delete;
  LagMeter& operator=(const LagMeter&) = delete;

  /// False when the broker did not answer for all groups; of() then gives older values.
  bool refresh();
  /// Records that the group has not committed yet, over all topics.
  [[nodiscard]] int64_t of(const std::string& group) const;

 private:
  const std::vector<std::string> groups_;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Admin> admin_;
  std::map<std::string, int64_t> lags_;
};

}  // namespace hailstorm::lab
