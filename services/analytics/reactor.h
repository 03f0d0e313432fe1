#pragma once

#include <string>
#include <vector>

#include "common/service/service.h"

namespace hailstorm::analytics {

/// Analytics on the log lane: counts every event of a ride once.
///
/// Thread safety: as Reactor says.
class AnalyticsReactor final : public service::Reactor {
 public:
  [[nodiscard]] std::vector<std::string> topics() const override;
  [[nodiscard]] Result<bool> is_empty(store::Database& db) const override;
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects& effects) override;
};

}  // namespace hailstorm::analytics
