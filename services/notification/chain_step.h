#pragma once

#include "common/base/clock.h"
#include "common/service/chain_hop.h"

namespace hailstorm::notification {

/// Notification on the coupled lane: all of a ride's messages at once. A message that was sent
/// cannot be taken back.
///
/// Thread safety: as ChainStep says. `clock` must remain live while it is in use.
class NotificationStep final : public service::ChainStep {
 public:
  explicit NotificationStep(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] Status apply(service::ChainRide& ride, store::Database& db) override;
  [[nodiscard]] Status undo(const service::ChainRide& ride, store::Database& db) override;

 private:
  const Clock& clock_;
};

}  // namespace hailstorm::notification
