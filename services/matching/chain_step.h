#pragma once

#include "common/service/chain_hop.h"
#include "services/matching/dispatcher.h"

namespace hailstorm::matching {

/// Matching on the coupled lane: the driver is released when a later hop fails, or declines.
///
/// Thread safety: as ChainStep says. `dispatcher` must remain live while it is in use.
class MatchingStep final : public service::ChainStep {
 public:
  explicit MatchingStep(Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  [[nodiscard]] Status apply(service::ChainRide& ride, store::Database& db) override;
  [[nodiscard]] Status undo(const service::ChainRide& ride, store::Database& db) override;
  [[nodiscard]] Status conclude(const service::ChainRide& ride, store::Database& db) override;

 private:
  Dispatcher& dispatcher_;
};

}  // namespace hailstorm::matching
