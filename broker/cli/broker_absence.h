#pragma once

#include <string>

#include "common/base/error.h"

namespace hailstorm::cli {

/// A broker that does not answer, to a command that waits for it: said once on standard error, and
/// once when it answers again.
///
/// Thread safety: not safe.
class BrokerAbsence {
 public:
  explicit BrokerAbsence(std::string broker) : broker_(std::move(broker)) {}

  /// True: the broker is away, and the next call may find it.
  [[nodiscard]] bool explains(const Error& error);
  void is_over();
  [[nodiscard]] bool is_now() const { return is_away_; }

 private:
  std::string broker_;
  bool is_away_ = false;
};

}  // namespace hailstorm::cli
