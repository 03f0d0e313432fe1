#pragma once

#include "common/service/chain_hop.h"

namespace hailstorm::analytics {

/// Analytics on the coupled lane, its last hop.
///
/// Thread safety: as ChainStep says.
class AnalyticsStep final : public service::ChainStep {
 public:
  [[nodiscard]] Status apply(service::ChainRide& ride, store::Database& db) override;
  [[nodiscard]] Status undo(const service::ChainRide& ride, store::Database& db) override;
};

}  // namespace hailstorm::analytics
