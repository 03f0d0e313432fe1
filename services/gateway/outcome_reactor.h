#pragma once

#include <string>
#include <vector>

#include "common/service/service.h"

namespace hailstorm::gateway {

/// Keeps the rides that the log has, and each ride's timeline from the outcomes that the services
/// publish. They may come in any order: the ride's status is worked out at each request for it.
///
/// Thread safety: as Reactor says.
class OutcomeReactor final : public service::Reactor {
 public:
  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] std::vector<std::string> publishes() const override;
  /// A ride that is in the log was accepted.
  [[nodiscard]] Result<bool> recall(const events::Event& event, store::Database& db) override;
  [[nodiscard]] Result<bool> is_empty(store::Database& db) const override;
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects& effects) override;
};

}  // namespace hailstorm::gateway
