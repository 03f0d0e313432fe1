#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/service/service.h"

namespace hailstorm::notification {

/// Notification on the log lane: one message for every event of a ride.
///
/// Thread safety: as Reactor says. `clock` must remain live while it is in use.
class NotificationReactor final : public service::Reactor {
 public:
  explicit NotificationReactor(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] Result<bool> is_empty(store::Database& db) const override;
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects& effects) override;

 private:
  const Clock& clock_;
};

}  // namespace hailstorm::notification
