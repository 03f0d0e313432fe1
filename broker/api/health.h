#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace hailstorm::broker {

/// Whether the broker does its real work, told by the broker's thread, read by the probes.
///
/// Thread safety: safe.
class Health {
 public:
  void set_ready();
  void set_not_ready(std::string reason);
  /// Why it is not ready, or nothing. Starts as "loading".
  [[nodiscard]] std::optional<std::string> not_ready_reason() const;

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> reason_ = "loading";
};

}  // namespace hailstorm::broker
