#pragma once

#include <string>
#include <vector>

#include "common/service/service.h"

namespace hailstorm::gateway {

/// Keeps each ride's timeline from the outcomes that the services publish. They may come in any
/// order: the ride's status is worked out when somebody asks.
///
/// Thread safety: as Reactor says.
class OutcomeReactor final : public service::Reactor {
 public:
  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] std::vector<std::string> publishes() const override;
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects& effects) override;
};

}  // namespace hailstorm::gateway
