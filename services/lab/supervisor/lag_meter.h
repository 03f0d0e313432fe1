#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hailstorm::lab {

/// Asks the broker how far each group is behind. The broker also knows of groups whose members are
/// all dead, which no service could tell.
///
/// Thread safety: not safe.
class LagMeter {
 public:
  /// `url`: hailstorm://HOST:PORT.
  LagMeter(const std::string& url, std::vector<std::string> groups);
  ~LagMeter();

  /// Asks anew; false when the broker did not answer for all groups. What of() says is then what
  /// was known before.
  bool refresh();
  /// Records that the group has not committed yet, over all topics.
  [[nodiscard]] int64_t of(const std::string& group) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::lab
